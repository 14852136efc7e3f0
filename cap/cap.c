/* A parsed message: access to its lists, its notes, its end. */
#include "cap/cap.h"

#include "base/translate.h"
#include "base/utf8.h"
#include "cap/cap_pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTE_BYTES = 400 };

const char *cap_dialect_name(enum cap_dialect dialect)
{
    switch (dialect) {
    case CAP_DIALECT_1_0:
        return "CAP 1.0";
    case CAP_DIALECT_1_1:
        return "CAP 1.1";
    case CAP_DIALECT_1_2:
        return "CAP 1.2";
    case CAP_DIALECT_CHINA:
        return tr("China's national profile");
    }
    return tr("unknown");
}

const struct cap_text *cap_text_at(const struct cap_list *list, size_t index)
{
    return (const struct cap_text *)list->items + index;
}

const struct cap_pair *cap_pair_at(const struct cap_list *list, size_t index)
{
    return (const struct cap_pair *)list->items + index;
}

const struct cap_info *cap_info_at(const struct cap_alert *alert, size_t index)
{
    return (const struct cap_info *)alert->infos.items + index;
}

const struct cap_area *cap_area_at(const struct cap_info *info, size_t index)
{
    return (const struct cap_area *)info->areas.items + index;
}

const struct cap_method *cap_method_at(const struct cap_alert *alert,
                                       size_t index)
{
    return (const struct cap_method *)alert->methods.items + index;
}

bool cap_text_is(const struct cap_text *text, const char *word)
{
    return text->text && strcasecmp(text->text, word) == 0;
}

const char *cap_text_or_empty(const struct cap_text *text)
{
    return text->text ? text->text : "";
}

static bool is_noted(const struct cap_notes *notes, const char *sentence)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strcmp(notes->items[i], sentence) == 0)
            return true;
    return false;
}

void cap_notes_add(struct cap_notes *notes, const char *format, ...)
{
    char sentence[NOTE_BYTES];
    va_list list;
    size_t end;

    va_start(list, format);
    tr_format(sentence, sizeof sentence, format, list);
    va_end(list);
    /* A long sentence may have been cut within a character. */
    if (!utf8_is_valid(sentence, strlen(sentence), &end))
        sentence[end] = '\0';
    if (is_noted(notes, sentence))
        return;
    char *copy = notes->count < CAP_LIMIT_NOTES ? strdup(sentence) : NULL;
    if (copy)
        notes->items[notes->count++] = copy;
    else
        notes->dropped++;
}

void cap_notes_finish(struct cap_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        free(notes->items[i]);
    *notes = (struct cap_notes){0};
}

void cap_alert_destroy(struct cap_alert *alert)
{
    if (!alert)
        return;
    cap_notes_finish(&alert->notes);
    cap_pool_destroy(alert->pool);
    free(alert);
}
