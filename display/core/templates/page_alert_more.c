/* What happened, after what to do: an alert's headline and its description. */
#include "display/core/templates/page_alert.h"

#include "display/core/page/page_template.h"

#include <stdio.h>

/* A last page is filled at least to this part. */
enum { WIDOW_PARTS = 3 };

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

/* How it would stand on pages of one height, the first with less room. */
struct extent {
    int pages;
    int last_px; /* on the last page */
};

static struct extent measure(struct page_build *build, const struct more *more,
                             int room)
{
    struct extent extent = {1, 0};
    for (size_t i = 0; i < MORE_TEXTS; i++) {
        const struct page_text *text = &more->texts[i];
        int line = text->size_px * text->leading_percent / 100;
        int height = page_text_height(build, text, build->area.width);
        for (int y = 0; y < height; y += line) {
            if (extent.last_px + line > room) {
                extent = (struct extent){extent.pages + 1, 0};
                room = build->area.height;
            }
            extent.last_px += line;
        }
        if (height > 0)
            extent.last_px += build->gap / 2;
    }
    return extent;
}

/* The largest size up to that of the body at which it takes no more pages; the
 * smallest does. */
static struct more fit_more(struct page_build *build, int room, int pages)
{
    int low = build->sizes[SIZE_LEGAL];
    int high = build->sizes[SIZE_BODY];
    struct more best = make_more(build, low);
    while (low <= high) {
        int middle = low + (high - low) / 2;
        struct more tried = make_more(build, middle);
        if (measure(build, &tried, room).pages <= pages) {
            best = tried;
            low = middle + 1;
        } else {
            high = middle - 1;
        }
    }
    return best;
}

/* All of it on one page, if a size allows that; else pages at the size of the
 * body, but no last page for a few lines. */
static struct more choose_more(struct page_build *build, int room)
{
    struct more large = make_more(build, build->sizes[SIZE_BODY]);
    struct more small = make_more(build, build->sizes[SIZE_LEGAL]);
    struct extent extent = measure(build, &large, room);
    int least = measure(build, &small, room).pages;
    if (least == 1)
        return fit_more(build, room, 1);
    if (least < extent.pages &&
        extent.last_px < build->area.height / WIDOW_PARTS)
        return fit_more(build, room, extent.pages - 1);
    return large;
}

/* It goes on where it is where that costs no page more. */
static bool goes_on(struct page_build *build, int room)
{
    struct more small = make_more(build, build->sizes[SIZE_LEGAL]);
    int fresh = measure(build, &small, build->area.height).pages;
    return room > 0 && measure(build, &small, room).pages <= fresh;
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
    more = choose_more(build, room);
    for (size_t i = 0; i < MORE_TEXTS; i++) {
        page_flow_text(build, &more.texts[i]);
        page_skip(build, build->gap / 2);
    }
}
