/* What happened, after what to do: an alert's headline and its description. */
#include "display/core/templates/page_alert.h"

#include "display/core/templates/page_template.h"

#include <stdio.h>
#include <string.h>

/* Where a page has few lines they stand closer. */
enum { LEADING = 145, FAR_LEADING = 125 };

static struct page_text more_text(const struct page_build *build,
                                  const char *words, enum type_role role,
                                  int size_px)
{
    bool far = build->sizes[SIZE_BODY] == build->sizes[SIZE_LEGAL];
    return (struct page_text){.text = words,
                              .role = role,
                              .size_px = size_px,
                              .colour = build->text,
                              .leading_percent = far ? FAR_LEADING : LEADING};
}

/* The order in other languages where it had no room below the order, headline,
 * description, and what happened in other languages. */
enum { MORE_TEXTS = 4 };
struct more {
    struct page_text texts[MORE_TEXTS];
};

/* What a sender writes before a headline of an exercise or a test. */
static const char *after_mark(const char *headline)
{
    static const char *const marks[] = {"DRILL: ", "TEST: "};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (strncmp(headline, marks[i], strlen(marks[i])) == 0)
            return headline + strlen(marks[i]);
    }
    return NULL;
}

const char *page_alert_headline_in(struct page_build *build,
                                   const struct alert_text *text)
{
    const char *headline = text->headline;
    const char *after = after_mark(headline);
    char english[LIMIT_HEADLINE_CHARACTERS * 4 + 8];
    if (headline[0] == '\0')
        return text->event;
    if (after == NULL || after[0] == '\0')
        return headline;
    snprintf(english, sizeof english, "%.*s · %c%s",
             (int)(after - headline) - 2, headline,
             after[0] >= 'a' && after[0] <= 'z' ? after[0] - 'a' + 'A'
                                                : after[0],
             after + 1);
    return page_keep(build, english);
}

const char *page_alert_translated(struct page_build *build, bool orders)
{
    struct alert_text texts[LIMIT_LANGUAGES + 1];
    size_t count = alert_languages(&build->message->alert, texts), used = 0;
    char joined[(LIMIT_LANGUAGES + 1) * (LIMIT_INSTRUCTION_CHARACTERS * 4 + 1) +
                1];
    joined[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *words = orders ? texts[i].instruction
                                   : page_alert_headline_in(build, &texts[i]);
        if (count == 1)
            return words;
        if (words[0] != '\0')
            used += (size_t)snprintf(joined + used, sizeof joined - used,
                                     "%s%s", used > 0 ? "\n" : "", words);
    }
    return used > 0 ? page_keep(build, joined) : "";
}

/* Without a text that already stands in place of an instruction. */
static struct more make_more(struct page_build *build, int px)
{
    const struct alert *alert = &build->message->alert;
    bool order = alert->instruction[0] != '\0';
    const char *translated = page_alert_translated(build, true);
    bool headline = !build->translation_said &&
                    (order || translated[0] != '\0');
    struct more more = {
        {more_text(build, build->translation_due ? translated : "", TYPE_SANS,
                   build->sizes[SIZE_LEGAL]),
         more_text(build, order ? alert->headline : "", TYPE_SANS_BOLD, px),
         more_text(build, alert->description, TYPE_SANS, px),
         more_text(build, headline ? page_alert_translated(build, false) : "",
                   TYPE_SANS, build->sizes[SIZE_LEGAL])}};
    more.texts[1].balanced = true;
    return more;
}

/* How many of the first texts say nothing. */
static size_t empty_texts(const struct more *more)
{
    size_t count = 0;
    while (count < MORE_TEXTS && more->texts[count].text[0] == '\0')
        count++;
    return count;
}

/* Where an order is translated, what happened is not worth a page. */
static bool yields(struct page_build *build, const struct more *more, size_t i,
                   int room_px)
{
    return i + 1 == MORE_TEXTS &&
           page_alert_translated(build, true)[0] != '\0' &&
           page_text_height(build, &more->texts[i], build->area.width) >
               room_px;
}

static void measure(struct page_build *build, int size_px,
                    struct page_extent *extent)
{
    struct more more = make_more(build, size_px);
    for (size_t i = 0; i < MORE_TEXTS; i++) {
        page_extend(build, &more.texts[i], extent);
        if (more.texts[i].text[0] != '\0')
            extent->used_px += build->gap / 2;
    }
}

static int pages_at_least(struct page_build *build, int room)
{
    int page = build->area.height;
    struct page_extent extent = {1, page, page - room, 0};
    measure(build, build->sizes[SIZE_LEGAL], &extent);
    return extent.pages;
}

/* The texts begin on the open page if that costs no further page. */
static bool goes_on(struct page_build *build, int room)
{
    return room > 0 && pages_at_least(build, room) <=
                           pages_at_least(build, build->area.height);
}

/* A translated line stands with the facts rather than on a page of its own. */
static void flow_translation(struct page_build *build)
{
    struct more more = make_more(build, build->sizes[SIZE_LEGAL]);
    const struct page_text *translation = &more.texts[MORE_TEXTS - 1];
    int height = page_text_height(build, translation, build->area.width);
    if (build->translation_due || height + build->gap / 2 > page_room(build))
        return;
    page_skip(build, build->gap / 2);
    page_flow_text(build, translation);
    build->translation_said = true;
}

void page_alert_flow_more(struct page_build *build, bool here)
{
    struct more more = make_more(build, build->sizes[SIZE_LEGAL]);
    int room = page_room(build) - build->gap / 2;
    if (empty_texts(&more) == MORE_TEXTS)
        return;
    if (here && goes_on(build, room)) {
        page_skip(build, build->gap / 2);
    } else {
        if (here)
            flow_translation(build);
        more = make_more(build, build->sizes[SIZE_LEGAL]);
        size_t empty = empty_texts(&more);
        if (empty == MORE_TEXTS || yields(build, &more, empty, 0))
            return;
        page_open(build);
        room = page_room(build);
    }
    more = make_more(build, page_flow_size(build, measure, room));
    for (size_t i = 0; i < MORE_TEXTS; i++) {
        if (yields(build, &more, i, page_room(build)))
            return;
        page_flow_text(build, &more.texts[i]);
        page_skip(build, build->gap / 2);
    }
}
