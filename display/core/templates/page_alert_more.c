/* What happened, after what to do: an alert's headline and its description. */
#include "display/core/templates/page_alert.h"

#include "display/core/templates/page_template.h"

#include <stdio.h>

static struct page_text more_text(const struct page_build *build,
                                  const char *words, enum type_role role,
                                  int size_px)
{
    return (struct page_text){.text = words,
                              .role = role,
                              .size_px = size_px,
                              .colour = build->text,
                              .leading_percent = 145};
}

/* Headline, description, and both in English. */
enum { MORE_TEXTS = 3 };
struct more {
    struct page_text texts[MORE_TEXTS];
};

const char *page_alert_english(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    char english[2 * LIMIT_HEADLINE_CHARACTERS * 4 + 8];
    bool both = alert->event_en[0] != '\0' && alert->headline_en[0] != '\0';
    snprintf(english, sizeof english, "%s%s%s", alert->event_en,
             both ? ". " : "", alert->headline_en);
    return page_keep(build, english);
}

/* But for what stands in place of an instruction. */
static struct more make_more(struct page_build *build, int px)
{
    const struct alert *alert = &build->message->alert;
    bool order = alert->instruction[0] != '\0';
    bool english = order || alert->instruction_en[0] != '\0';
    struct more more = {
        {more_text(build, order ? alert->headline : "", TYPE_SANS_BOLD, px),
         more_text(build, alert->description, TYPE_SANS, px),
         more_text(build, english ? page_alert_english(build) : "", TYPE_SANS,
                   build->sizes[SIZE_LEGAL])}};
    more.texts[0].balanced = true;
    return more;
}

static bool is_empty(const struct more *more)
{
    for (size_t i = 0; i < MORE_TEXTS; i++) {
        if (more->texts[i].text[0] != '\0')
            return false;
    }
    return true;
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
    struct page_extent extent = {1, page, page - room};
    measure(build, build->sizes[SIZE_LEGAL], &extent);
    return extent.pages;
}

/* It goes on where it is where that costs no page more. */
static bool goes_on(struct page_build *build, int room)
{
    return room > 0 && pages_at_least(build, room) <=
                           pages_at_least(build, build->area.height);
}

void page_alert_flow_more(struct page_build *build, bool here)
{
    struct more more = make_more(build, build->sizes[SIZE_LEGAL]);
    int room = page_room(build) - build->gap / 2;
    if (is_empty(&more))
        return;
    if (here && goes_on(build, room)) {
        page_skip(build, build->gap / 2);
    } else {
        page_open(build);
        room = page_room(build);
    }
    more = make_more(build, page_flow_size(build, measure, room));
    for (size_t i = 0; i < MORE_TEXTS; i++) {
        page_flow_text(build, &more.texts[i]);
        page_skip(build, build->gap / 2);
    }
}
