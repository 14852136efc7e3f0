/* Sets messages on glasses as the display does, and looks at every frame. */
#include "tests/fuzz/pages.h"

#include "display/core/page/furniture.h"

#include <stdlib.h>

static const int sizes[][2] = {
    {1920, 1080}, {3840, 2160}, {1366, 768}, {1280, 720}, {1080, 1920},
    {2160, 3840}, {1024, 256},  {512, 128},  {192, 64},   {1080, 1080},
};
enum { SIZES = sizeof sizes / sizeof sizes[0], TOLERANCE_PX = 1 };

const struct theme *fuzz_theme(int index)
{
    static const char *const files[FUZZ_THEMES] = {"data/themes/night.ini",
                                                   "data/themes/day.ini",
                                                   "data/themes/contrast.ini"};
    static struct theme themes[FUZZ_THEMES];
    static bool is_read[FUZZ_THEMES];
    struct problem problem = {0};

    if (!is_read[index]) {
        char *text = fuzz_source(files[index], NULL);
        FUZZ_CHECK(theme_parse(text, files[index], &themes[index], &problem));
        free(text);
        is_read[index] = true;
    }
    return &themes[index];
}

struct page_context fuzz_context(struct fuzz_input *input,
                                 enum message_kind kind)
{
    const int *size = sizes[fuzz_input_next(input, SIZES)];
    int viewing_mm = fuzz_input_next(input, 3) * 6000;
    const struct theme *theme = fuzz_theme(fuzz_input_next(input, FUZZ_THEMES));
    int motion = fuzz_input_next(input, MOTION_NONE + 1);
    struct geometry glass = geometry_make(size[0], size[1],
                                          viewing_mm ? 680 : 0, viewing_mm);

    return (struct page_context){
        .theme = theme,
        .geometry = kind == MESSAGE_PANEL
                        ? furniture_page_geometry(&glass, FURNITURE_DEFAULT)
                        : glass,
        .metrics = &type_metrics_plain,
        .motion = (enum motion_level)motion,
        .utc_offset_minutes = 480,
    };
}

static struct rect grown(struct rect rect, int by)
{
    return (struct rect){rect.x - by, rect.y - by, rect.width + 2 * by,
                         rect.height + 2 * by};
}

/* A line's advance box, across; its em, up and down, is the page's own
 * matter. */
static void check_text(const struct draw_item *item, struct rect safe)
{
    struct rect across = item->bounds;

    FUZZ_CHECK(item->text.size_px >= 1 &&
               item->text.size_px <= TYPESET_SIZE_MAX);
    FUZZ_CHECK(item->text.string);
    across.y = safe.y;
    across.height = safe.height;
    FUZZ_CHECK(rect_contains(safe, across));
    FUZZ_CHECK(item->text.baseline_y >= safe.y &&
               item->text.baseline_y <= safe.y + safe.height);
}

static void check_rest(const struct draw_list *list,
                       const struct geometry *geometry)
{
    const struct rect glass = {0, 0, geometry->width_px, geometry->height_px};
    struct rect safe = grown(geometry->safe, TOLERANCE_PX);

    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        FUZZ_CHECK(item->bounds.width >= 0 && item->bounds.height >= 0);
        if (item->kind != DRAW_TEXT)
            FUZZ_CHECK(rect_contains(glass, item->bounds));
        else if (item->text.glyph_count > 0)
            check_text(item, safe);
    }
}

static struct draw_list frame(const struct page_set *set, size_t page,
                              int64_t t_ms, int64_t moved_ms)
{
    struct draw_list list = {0};

    const struct page_time time = {t_ms, FUZZ_NOW_MS, moved_ms, NULL};
    FUZZ_CHECK(page_frame(set, page, &time, &list));
    FUZZ_CHECK(list.count > 0);
    return list;
}

static void check_page(const struct page_set *set, size_t page,
                       const struct geometry *geometry)
{
    int64_t entrance_ms = page_entrance_ms(set, page);
    struct rect damage[4];

    FUZZ_CHECK(page_dwell_ms(set, page) > 0 && entrance_ms >= 0);
    struct draw_list begun = frame(set, page, 0, 0);
    struct draw_list under_way = frame(set, page, entrance_ms / 2, 0);
    struct draw_list rests = frame(set, page, entrance_ms, 0);
    struct draw_list later = frame(set, page, INT32_MAX, 0);
    struct draw_list moved = frame(set, page, INT32_MAX, INT32_MAX);
    check_rest(&rests, geometry);
    check_rest(&moved, geometry);
    FUZZ_CHECK(page_next_step_ms(set, page, INT32_MAX) > 0);
    FUZZ_CHECK(moved.count == rests.count);
    FUZZ_CHECK(draw_list_damage(&rests, &later, damage, 4) == 0);
    FUZZ_CHECK(draw_list_damage(&begun, &under_way, damage, 4) <= 4);
    draw_list_finish(&begun);
    draw_list_finish(&under_way);
    draw_list_finish(&rests);
    draw_list_finish(&later);
    draw_list_finish(&moved);
}

void fuzz_check_pages(const struct message *message,
                      const struct page_context *context)
{
    struct page_set *set = page_set_create(message, context);

    FUZZ_CHECK(set);
    size_t count = page_set_count(set);
    FUZZ_CHECK(count >= 1 && count <= FUZZ_PAGES_MOST);
    for (size_t page = 0; page < count; page++)
        check_page(set, page, &context->geometry);
    FUZZ_CHECK(page_next_change_ms(set, FUZZ_NOW_MS) > FUZZ_NOW_MS);
    page_set_destroy(set);
}
