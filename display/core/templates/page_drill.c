/* The mark of an exercise or a test: a band across the page's whole width, or
 * over a strip's whole height, on every page, that nothing can take off. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"

#include <string.h>

/* The mark is repeated with this much of its width between. */
#define REPEAT_GAP_PERCENT 55
/* Its height, of its size. */
enum { RIBBON_PERCENT = 130, STRIP_RIBBON_PERCENT = 115 };
/* At the side of a strip: its lines stand close, with so much of the legal size
 * around them, and leave the page so many ems at least. */
enum { SIDE_LEADING = 110, SIDE_PAD_PERCENT = 60, BESIDE_EMS = 6 };
/* Lower pages, and pages this many times as wide as high, may show the first
 * word of the mark alone. */
enum { LOW_PX = 360, WIDE = 3 };

const char *page_drill_words(const struct page_build *build)
{
    const struct theme *theme = build->theme;
    enum alert_status status = page_status(build->message);
    if (status == ALERT_STATUS_EXERCISE)
        return theme->words[WORD_DRILL];
    return status == ALERT_STATUS_TEST ? theme->words[WORD_TEST] : "";
}

/* The first word alone, 演练, says enough where characters must be large. */
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
    text->size_px = page_run_fit(build, *text, safe->width,
                                 build->geometry.legal_px);
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
    }
}

/* Gap below or beside the mark of a strip. */
static int strip_gap(const struct page_build *build)
{
    return build->sizes[SIZE_LEGAL] / 10;
}

static int ribbon_px(const struct page_build *build)
{
    return build->strip ? build->sizes[SIZE_LEGAL] * STRIP_RIBBON_PERCENT / 100
                        : build->sizes[SIZE_BODY] * RIBBON_PERCENT / 100;
}

/* Characters of the legal size that stand in a box. */
static int held(const struct page_build *build, int width_px, int height_px)
{
    int legal = build->sizes[SIZE_LEGAL];
    int line = legal * PAGE_STRIP_LEADING / 100;
    return width_px / legal * (height_px / line);
}

/* The mark at the left of a strip, over its whole height. */
struct side_mark {
    struct page_text text; /* a word a line, or a character a line */
    int width_px;          /* of its words */
    int held;              /* characters beside it; 0: it has no room */
};

static struct side_mark side_mark(struct page_build *build, const char *words,
                                  bool upright)
{
    struct side_mark mark = {.text = page_strip_text(build, words,
                                                     TYPE_SANS_BOLD,
                                                     build->theme->drill_text)};
    mark.text.leading_percent = SIDE_LEADING;
    if (upright)
        shorten(build, &mark.text);
    char *lines = page_set_copy(build->set, mark.text.text);
    build->failed = build->failed || lines == NULL;
    if (lines == NULL)
        return mark;
    for (char *at = lines; *at != '\0'; at++)
        *at = *at == ' ' ? '\n' : *at;
    mark.text.text = lines;
    int width = upright ? mark.text.size_px : PAGE_UNBROKEN_PX;
    mark.width_px = page_text_width(build, &mark.text, width) + 1;
    int rest = build->area.width - mark.width_px -
               build->sizes[SIZE_LEGAL] * SIDE_PAD_PERCENT / 100;
    int height = page_text_height(build, &mark.text, mark.width_px);
    if (height <= build->area.height &&
        rest >= build->sizes[SIZE_LEGAL] * BESIDE_EMS)
        mark.held = held(build, rest, build->area.height);
    return mark;
}

/* The first word stands alone only where a page has no room for both: on what
 * is low, or many times as wide as it is high. */
static bool may_shorten(const struct geometry *geometry)
{
    return geometry->height_px < LOW_PX ||
           geometry->width_px >= WIDE * geometry->height_px;
}

/* The mark that leaves the page most room; size 0: the ribbon on top does. */
static struct side_mark choose_side_mark(struct page_build *build,
                                         const char *words)
{
    struct side_mark none = {
        .held = held(build, build->area.width,
                     build->area.height - ribbon_px(build) - strip_gap(build))};
    struct side_mark whole = side_mark(build, words, false);
    struct side_mark upright = side_mark(build, words, true);
    bool shorter = upright.held > whole.held && may_shorten(&build->geometry);
    struct side_mark best = shorter ? upright : whole;
    return best.held > none.held ? best : none;
}

static void put_side_mark(struct page_build *build,
                          const struct side_mark *mark)
{
    int pad = build->sizes[SIZE_LEGAL] * SIDE_PAD_PERCENT / 100;
    int left = build->area.x, width = mark->width_px + pad / 2;
    int height = page_text_height(build, &mark->text, mark->width_px);
    struct rect band = {0, 0, left + width, build->geometry.height_px};
    page_put_fill(build, band, 0, build->theme->drill_ground, PAGE_STILL);
    page_put_text(build, &mark->text, left + (width - mark->width_px) / 2,
                  build->area.y + (build->area.height - height) / 2,
                  mark->width_px);
    build->area.x += mark->width_px + pad;
    build->area.width -= mark->width_px + pad;
}

static void put_ribbon(struct page_build *build, const char *words)
{
    bool strip = build->strip;
    struct page_text text = {.text = words,
                             .role = TYPE_SANS_BOLD,
                             .size_px = strip ? build->sizes[SIZE_LEGAL]
                                              : build->sizes[SIZE_BODY],
                             .colour = build->theme->drill_text};
    int height = ribbon_px(build);
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
    put_words(build, &text, page_run_baseline(&text, middle));
    page_narrow(build, height + (strip ? strip_gap(build) : build->gap));
}

void page_put_drill_mark(struct page_build *build)
{
    const char *words = page_drill_words(build);
    if (words[0] == '\0')
        return;
    struct side_mark side = {.text.size_px = 0};
    if (build->strip)
        side = choose_side_mark(build, words);
    if (side.text.size_px > 0)
        put_side_mark(build, &side);
    else
        put_ribbon(build, words);
}
