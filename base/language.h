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

/* A program whose readers speak Chinese or English, whatever the environment
 * says: to be called after language_begin, before threads are started. The
 * program itself goes on in its language. Children inherit LANGUAGE=zh_CN. */
void language_serve_both(void);

/* After language_serve_both: what this thread says from here on, in the
 * language of a tag such as "zh-CN, en;q=0.8"; NULL: that of the program. */
void language_of_thread(const char *tag);

/* "zh_CN" or "en", for LANGUAGE of a child process; NULL: that of the program.
 */
const char *language_name_of_thread(void);

/* Translates the format, and prints it as it can be shown. */
void language_print(FILE *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
