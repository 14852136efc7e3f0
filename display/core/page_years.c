/* A run of years: a figure, what was kept, and one filled mark a year. */
#include "display/core/page_template.h"

#include "display/core/page_figure.h"

#include <stdio.h>

static void put_year(struct page_build *build, int year, int middle_x,
                     int baseline_y)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%d", year);
    struct page_text text = {.text = digits,
                             .role = TYPE_SANS,
                             .size_px = build->sizes[SIZE_LEGAL],
                             .colour = build->muted};
    int width = page_run_px(build, &text);
    page_put_run(build, &text, middle_x - width / 2, baseline_y);
    page_with_previous(build);
}

/* All years are written where they fit, else the first and the last. */
static bool year_is_written(const struct page_build *build, int index,
                            int pitch)
{
    const struct panel *panel = &build->message->panel;
    if (panel->last_year == 0)
        return false;
    if (pitch >= build->sizes[SIZE_LEGAL] * 3)
        return true;
    bool roomy = panel->years * pitch >= build->sizes[SIZE_LEGAL] * 6;
    return roomy && (index == 0 || index == panel->years - 1);
}

static void flow_marks(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    int legal = build->sizes[SIZE_LEGAL];
    int pitch = build->area.width / panel->years;
    int widest = panel->last_year > 0 ? legal * 7 / 2 : legal * 9 / 4;
    if (pitch > widest)
        pitch = widest;
    int side = pitch * 78 / 100;
    if (side > legal * 7 / 4)
        side = legal * 7 / 4;
    int words = panel->last_year > 0 ? legal * 3 / 2 : 0;
    int y = page_take(build, side + words);
    for (int i = 0; i < panel->years; i++) {
        int x = build->area.x + i * pitch;
        struct rect mark = {x, y, side, side};
        page_put_fill(build, mark, side / 6, build->accent, PAGE_APPEAR);
        if (year_is_written(build, i, pitch))
            put_year(build, panel->last_year - panel->years + 1 + i,
                     x + side / 2, y + side + legal * 5 / 4);
    }
}

void page_template_years(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    const struct theme *theme = build->theme;
    struct panel_figure run = {.label = "",
                               .qualifier = theme->words[WORD_RUNNING],
                               .value = {panel->years, 0},
                               .unit = theme->words[WORD_YEARS],
                               .suffix = "",
                               .note = ""};
    page_open(build);
    struct page_text honour = {.text = panel->honour,
                               .role = TYPE_SANS_BOLD,
                               .size_px = build->sizes[SIZE_TITLE],
                               .colour = build->text,
                               .balanced = true};
    int below = page_text_height(build, &honour, build->area.width) +
                build->sizes[SIZE_LEGAL] * 4 + build->gap * 4;
    int height = page_room(build) - below;
    page_flow_hero(build, &run, (struct decimal){0, 0},
                   height > build->gap * 4 ? height : build->gap * 4);
    page_skip(build, build->gap * 3 / 2);
    page_flow_text(build, &honour);
    page_skip(build, build->gap * 3 / 2);
    flow_marks(build);
    page_flow_lines(build);
}
