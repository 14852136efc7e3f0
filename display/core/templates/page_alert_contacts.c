/* Whom to call, in words. People dial it: label and number stay together. */
#include "display/core/templates/page_alert.h"

#include "display/core/page/page_words.h"

#include <stdio.h>
#include <string.h>

enum { CONTACT_BYTES = 420 };

/* «急救 120», or its number under its label. */
static void contact_words(const struct alert_contact *contact, bool parted,
                          char out[CONTACT_BYTES])
{
    const char *between = contact->label[0] == '\0' ? "" : parted ? "\n" : " ";
    snprintf(out, CONTACT_BYTES, "%.200s%s%.200s", contact->label, between,
             contact->number);
}

const char *page_alert_contacts(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    char words[LIMIT_CONTACTS * WORDS_BYTES] = "";
    char one[CONTACT_BYTES];
    size_t at = 0;
    for (size_t i = 0; i < alert->contact_count; i++) {
        contact_words(&alert->contacts[i], false, one);
        at += (size_t)snprintf(words + at, sizeof words - at, "%s%s",
                               i == 0 ? "" : "　", one);
    }
    return page_keep(build, words);
}

const char *page_alert_contact(struct page_build *build, size_t index)
{
    char words[CONTACT_BYTES];
    contact_words(&build->message->alert.contacts[index], false, words);
    return page_keep(build, words);
}

static int unbroken_px(struct page_build *build, struct page_text text,
                       const char *words)
{
    text.text = words;
    return page_text_width(build, &text, PAGE_UNBROKEN_PX);
}

struct alert_contact_px page_alert_contact_px(struct page_build *build,
                                              const struct page_text *style)
{
    const struct alert *alert = &build->message->alert;
    struct alert_contact_px widest = {0, 0};
    char words[CONTACT_BYTES];
    for (size_t i = 0; i < alert->contact_count; i++) {
        contact_words(&alert->contacts[i], false, words);
        int whole = unbroken_px(build, *style, words);
        int number = unbroken_px(build, *style, alert->contacts[i].number);
        widest.whole = whole > widest.whole ? whole : widest.whole;
        widest.number = number > widest.number ? number : widest.number;
    }
    return widest;
}

static void fit_contact(struct page_build *build, const struct page_text *style,
                        int width_px, size_t index, char out[CONTACT_BYTES])
{
    const struct alert_contact *contact =
        &build->message->alert.contacts[index];
    contact_words(contact, false, out);
    if (unbroken_px(build, *style, out) > width_px)
        contact_words(contact, true, out);
}

const char *page_alert_contact_line(struct page_build *build,
                                    const struct page_text *style, int width_px,
                                    size_t index)
{
    char words[CONTACT_BYTES];
    fit_contact(build, style, width_px, index, words);
    return page_keep(build, words);
}

const char *page_alert_contact_lines(struct page_build *build,
                                     const struct page_text *style,
                                     int width_px)
{
    const struct alert *alert = &build->message->alert;
    char words[LIMIT_CONTACTS * WORDS_BYTES] = "";
    char one[CONTACT_BYTES];
    size_t line = 0; /* where the last line begins */
    for (size_t i = 0; i < alert->contact_count; i++) {
        size_t at = strlen(words);
        fit_contact(build, style, width_px, i, one);
        snprintf(words + at, sizeof words - at, "%s%s", at == 0 ? "" : "　",
                 one);
        if (at == 0 || unbroken_px(build, *style, words + line) <= width_px)
            continue;
        snprintf(words + at, sizeof words - at, "\n%s", one);
        line = at + 1;
    }
    return page_keep(build, words);
}
