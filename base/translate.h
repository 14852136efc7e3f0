/* Messages in the language of whoever reads them. The sources have them in
 * English. The functions that print or keep a message (problem.h, log.h, …)
 * look it up here, so most messages need no mark; po/extract knows those
 * functions. Pure: language.h finds the language and its catalogue. */
#ifndef GAOSHI_BASE_TRANSLATE_H
#define GAOSHI_BASE_TRANSLATE_H

#include <stdarg.h>
#include <stddef.h>

/* Marks a message that stands in a table and is translated where it is used. */
#define N_(text) text

/* Returns the translation, or the same text; borrowed, and never freed. */
typedef const char *translator(const char *text);

/* NULL: messages stay as the sources have them. Before threads are started. */
void translate_with(translator *translate);

/* The same for what this thread says from here on. */
void translate_thread_with(translator *translate);

/* The thread speaks the program's language again. */
void translate_thread_as_program(void);

/* The message in the language of the thread or the program: a whole text, or
 * the format of one. Borrowed. */
const char *tr(const char *text) __attribute__((format_arg(1)));

/* As vsnprintf, with the format translated, and so is the result if it is a
 * message of more than one word itself: a format of «%s» takes any message. */
int tr_format(char *out, size_t size, const char *format, va_list list)
    __attribute__((format(printf, 3, 0)));

/* What an error number means. Borrowed. */
const char *tr_error(int number);

#endif
