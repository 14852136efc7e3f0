#include "base/ask.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/language.h"
#include "base/translate.h"

#define SPACES " \t\r\n"

bool ask_can(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool ask_line(const char *question, char out[ASK_ANSWER_BYTES])
{
    char line[ASK_ANSWER_BYTES];

    language_print(stderr, "%s", tr(question));
    fflush(stderr);
    out[0] = '\0';
    if (!fgets(line, sizeof line, stdin))
        return false;
    const char *text = line + strspn(line, SPACES);
    size_t length = strlen(text);
    while (length > 0 && strchr(SPACES, text[length - 1]))
        length--;
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}
