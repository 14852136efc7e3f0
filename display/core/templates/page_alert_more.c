/* What happened, after what to do: an alert's headline and its description. */
#include "display/core/templates/page_alert.h"

#include "display/core/page/page_template.h"

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
struct more {
    struct page_text texts[3];
};

static struct more make_more(struct page_build *build, int px)
{
    const struct alert *alert = &build->message->alert;
    char english[2 * LIMIT_HEADLINE_CHARACTERS * 4 + 8];
    bool both = alert->event_en[0] != '\0' && alert->headline_en[0] != '\0';
    snprintf(english, sizeof english, "%s%s%s", alert->event_en,
             both ? ". " : "", alert->headline_en);
    return (struct more){{more_text(build, alert->headline, TYPE_SANS_BOLD, px),
                          more_text(build, alert->description, TYPE_SANS, px),
                          more_text(build, page_keep(build, english), TYPE_SANS,
                                    build->sizes[SIZE_LEGAL])}};
}

static int more_height(struct page_build *build, const struct more *more)
{
    int height = 0;
    for (size_t i = 0; i < 3; i++)
        height += page_text_height(build, &more->texts[i], build->area.width) +
                  build->gap / 2;
    return height;
}

/* The largest size at which all of it stands on one page; where there is too
 * much for that, pages are filled at the size of the body. */
static struct more choose_more(struct page_build *build)
{
    struct more best = make_more(build, build->sizes[SIZE_BODY]);
    int low = build->sizes[SIZE_LEGAL];
    int high = build->sizes[SIZE_BODY];
    while (low <= high) {
        int middle = low + (high - low) / 2;
        struct more tried = make_more(build, middle);
        if (more_height(build, &tried) <= build->area.height) {
            best = tried;
            low = middle + 1;
        } else {
            high = middle - 1;
        }
    }
    return best;
}

static void flow_texts(struct page_build *build, const struct more *more)
{
    for (size_t i = 0; i < 3; i++) {
        page_flow_text(build, &more->texts[i]);
        page_skip(build, build->gap / 2);
    }
}

void page_alert_flow_more(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    if (alert->headline[0] == '\0' && alert->description[0] == '\0' &&
        alert->headline_en[0] == '\0' && alert->event_en[0] == '\0')
        return;
    page_open(build);
    struct more more = choose_more(build);
    flow_texts(build, &more);
}
