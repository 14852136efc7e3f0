/* Chooses the language by the environment, and asks gettext. */
#include "base/language.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/data_path.h"
#include "base/escape.h"
#include "base/translate.h"

#define DOMAIN "gaoshi"

static _Thread_local const char *name_of_thread;

static const char *translate(const char *text)
{
    return dgettext(DOMAIN, text);
}

/* What the environment says about this category. */
static const char *setting(const char *category)
{
    const char *const names[] = {"LC_ALL", category, "LANG"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value && value[0])
            return value;
    }
    return "";
}

/* Systems install few locales, and then setlocale refuses the others. The name
 * is enough for the catalogue: gettext takes it from LANGUAGE as well, unless
 * the locale is C. */
static void choose_messages(void)
{
    const char *name = setting("LC_MESSAGES");

    if (setlocale(LC_MESSAGES, "") || !setlocale(LC_MESSAGES, "C.UTF-8"))
        return;
    setenv("LANGUAGE", name, 0);
}

/* Without any setting the output stays UTF-8, as files and journals want it. */
static void choose_signs(void)
{
    if (!setlocale(LC_CTYPE, ""))
        setlocale(LC_CTYPE, "C.UTF-8");
    escape_to_ascii(setting("LC_CTYPE")[0] &&
                    strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0);
}

void language_begin(void)
{
    struct data_path path;
    char folder[DATA_PATH_BYTES];

    choose_signs();
    choose_messages();
    if (!data_path_installed(&path) ||
        !data_path_join(&path, "../locale", folder, sizeof folder) ||
        !bindtextdomain(DOMAIN, folder) ||
        !bind_textdomain_codeset(DOMAIN, "UTF-8"))
        return;
    /* The empty message has the head of the catalogue, if there is one. */
    if (translate("")[0])
        translate_with(translate);
}

void language_stop(void)
{
    translate_with(NULL);
}

void language_serve_both(void)
{
    /* gettext asks LANGUAGE in every locale but C. The program's own language
     * stays: where it had no catalogue, it goes on without. */
    setenv("LANGUAGE", "zh_CN", 1);
    setlocale(LC_MESSAGES, "C.UTF-8");
}

void language_of_thread(const char *tag)
{
    bool is_chinese = tag && (tag[0] == 'z' || tag[0] == 'Z');

    name_of_thread = !tag ? NULL : is_chinese ? "zh_CN" : "en";
    if (tag)
        translate_thread_with(is_chinese ? translate : NULL);
    else
        translate_thread_as_program();
}

const char *language_name_of_thread(void)
{
    return name_of_thread;
}

void language_print(FILE *out, const char *format, ...)
{
    char *text = NULL;
    va_list list;

    va_start(list, format);
    int length = vasprintf(&text, tr(format), list);
    va_end(list);
    if (length < 0)
        return;
    char *shown = escape_signs(text);
    fputs(shown ? shown : text, out);
    free(shown);
    free(text);
}
