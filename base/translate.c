/* Keeps what translates; all functions that print messages ask here. */
#include "base/translate.h"

#include <stdio.h>
#include <string.h>

static translator *translation;

void translate_with(translator *translate)
{
    translation = translate;
}

const char *tr(const char *text)
{
    return translation && text[0] ? translation(text) : text;
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
