/* The language of a program's messages, and what its terminal can show. */
#ifndef GAOSHI_BASE_LANGUAGE_H
#define GAOSHI_BASE_LANGUAGE_H

#include <stdio.h>

/* Takes the language from LC_ALL, LC_MESSAGES, LANG and LANGUAGE, as gettext(3)
 * has it, and the catalogue from ../share/locale beside the program. The locale
 * need not be installed. Where one of them names C or POSIX, what is printed
 * becomes ASCII (escape.h). To be called first in main. */
void language_begin(void);

/* Messages stay English from here on: their reader is a program. */
void language_stop(void);

/* Translates the format, and prints it as it can be shown. */
void language_print(FILE *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
