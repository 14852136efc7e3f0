/* The mark of an exercise or a test: a band across the page's whole width,
 * on every page, that nothing can take off. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"

#include <string.h>

/* The mark is repeated with this much of its width between. */
#define REPEAT_GAP_PERCENT 55

const char *page_drill_words(const struct theme *theme,
                             enum alert_status status)
{
    if (status == ALERT_STATUS_EXERCISE)
        return theme->words[WORD_DRILL];
    return status == ALERT_STATUS_TEST ? theme->words[WORD_TEST] : "";
}

/* Where characters must be great, the first word alone: it says it all. */
static void shorten(struct page_build *build, struct page_text *text)
{
    char *first = page_set_copy(build->set, text->text);
    if (first == NULL) {
        build->failed = true;
        return;
    }
    first[strcspn(first, " ")] = '\0';
    text->text = first;
}

static void put_words(struct page_build *build, struct page_text *text,
                      int baseline_y)
{
    const struct rect *safe = &build->geometry.safe;
    while (text->size_px > build->geometry.legal_px &&
           page_run_px(build, text) > safe->width)
        text->size_px--;
    if (page_run_px(build, text) > safe->width)
        shorten(build, text);
    int width = page_run_px(build, text);
    int pitch = width + width * REPEAT_GAP_PERCENT / 100;
    int count = 1 + (safe->width - width) / pitch;
    if (count < 1)
        count = 1;
    int x = safe->x + (safe->width - width - (count - 1) * pitch) / 2;
    for (int i = 0; i < count; i++) {
        page_put_run(build, text, x + i * pitch, baseline_y);
        page_with_previous(build);
    }
}

void page_put_drill_mark(struct page_build *build, enum alert_status status)
{
    const char *words = page_drill_words(build->theme, status);
    if (words[0] == '\0')
        return;
    bool strip = build->strip;
    struct page_text text = {.text = words,
                             .role = TYPE_SANS_BOLD,
                             .size_px = strip ? build->sizes[SIZE_LEGAL]
                                              : build->sizes[SIZE_BODY],
                             .colour = build->theme->drill_text};
    int height = text.size_px * (strip ? 115 : 130) / 100;
    /* A ribbon that bleeds off both sides; on a strip, and where height is
     * dear, off the top as well. */
    bool from_top = strip ||
                    build->context->place.presentation == PRESENTATION_UPPER;
    int above = from_top ? build->area.y : text.size_px / 6;
    struct rect band = {0, build->area.y - above, build->geometry.width_px,
                        above + height};
    page_put_fill(build, band, 0, build->theme->drill_ground, PAGE_STILL);
    int middle = build->area.y + (strip ? height : height - above) / 2;
    int least = build->area.y + text.size_px * 54 / 100;
    middle = middle < least ? least : middle;
    put_words(build, &text, middle + text.size_px * 38 / 100);
    int gap = strip ? build->sizes[SIZE_LEGAL] / 10 : build->gap;
    build->area.y += height + gap;
    build->area.height -= height + gap;
}
