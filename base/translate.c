/* Keeps what translates; all functions that print messages ask here. */
#include "base/translate.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static translator *translation;
static _Thread_local translator *own;
static _Thread_local bool has_own;

void translate_with(translator *translate)
{
    translation = translate;
}

void translate_thread_with(translator *translate)
{
    own = translate;
    has_own = true;
}

void translate_thread_as_program(void)
{
    has_own = false;
}

const char *tr(const char *text)
{
    translator *translate = has_own ? own : translation;

    return translate && text[0] ? translate(text) : text;
}

int tr_format(char *out, size_t size, const char *format, va_list list)
{
    int length = vsnprintf(out, size, tr(format), list);
    const char *whole = length > 0 && size > 0 && strchr(out, ' ') ? tr(out)
                                                                   : out;

    return whole == out ? length : snprintf(out, size, "%s", whole);
}

const char *tr_error(int number)
{
    const char *text = strerrordesc_np(number);

    return text ? tr(text) : strerror(number);
}
