/* A run of years: a figure, what was kept, and one filled mark a year. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"

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

/* From one mark to the next. */
static int marks_pitch(const struct page_build *build, int width)
{
    const struct panel *panel = &build->message->panel;
    int legal = build->sizes[SIZE_LEGAL];
    int widest = panel->last_year > 0 ? legal * 7 / 2 : legal * 9 / 4;
    int pitch = width / panel->years;
    return pitch < widest ? pitch : widest;
}

static int marks_height(const struct page_build *build, int pitch)
{
    int side = pitch * 78 / 100;
    int most = build->sizes[SIZE_LEGAL] * 7 / 4;
    int words = build->message->panel.last_year > 0
                    ? build->sizes[SIZE_LEGAL] * 3 / 2
                    : 0;
    return (side < most ? side : most) + words;
}

static void put_marks(struct page_build *build, int x, int y, int pitch)
{
    const struct panel *panel = &build->message->panel;
    int legal = build->sizes[SIZE_LEGAL];
    int side = pitch * 78 / 100;
    if (side > legal * 7 / 4)
        side = legal * 7 / 4;
    for (int i = 0; i < panel->years; i++) {
        struct rect mark = {x + i * pitch, y, side, side};
        page_put_fill(build, mark, side / 6, build->accent, PAGE_APPEAR);
        if (year_is_written(build, i, pitch))
            put_year(build, panel->last_year - panel->years + 1 + i,
                     mark.x + side / 2, y + side + legal * 5 / 4);
    }
}

static struct page_text honour_text(const struct page_build *build)
{
    return (struct page_text){.text = build->message->panel.honour,
                              .role = TYPE_SANS_BOLD,
                              .size_px = build->sizes[SIZE_TITLE],
                              .colour = build->text,
                              .balanced = true};
}

static struct panel_figure run_figure(const struct page_build *build)
{
    return (struct panel_figure){.label = "",
                                 .qualifier = build->theme->words[WORD_RUNNING],
                                 .value = {build->message->panel.years, 0},
                                 .unit = build->theme->words[WORD_YEARS],
                                 .suffix = "",
                                 .note = ""};
}

static void flow_stacked(struct page_build *build, int below)
{
    struct panel_figure run = run_figure(build);
    int pitch = marks_pitch(build, build->area.width);
    int marks = marks_height(build, pitch);
    int height = page_room(build) - below - marks - 3 * build->gap;
    page_flow_hero(build, &run, (struct decimal){0, 0},
                   height > build->gap * 4 ? height : build->gap * 4);
    page_skip(build, build->gap * 3 / 2);
    put_marks(build, build->area.x, page_take(build, marks), pitch);
}

/* On a wide page the marks stand at the figure's side. */
static void flow_beside(struct page_build *build, int below)
{
    struct panel_figure run = run_figure(build);
    int hero = (int)(build->geometry.height_px * build->theme->hero_share);
    int height = page_room(build) - below - 3 * build->gap;
    int size =
        page_figure_fit(build, &run, build->area.width / 2,
                        page_digits_em(build, height < hero ? height : hero));
    if (size == 0) {
        flow_stacked(build, below);
        return;
    }
    int rise = page_figure_rise(build, size);
    int y = page_take(build, rise + page_figure_depth(build, size));
    int used = page_put_figure(build, &run, (struct decimal){0, 0},
                               build->area.x, y + rise, size) +
               3 * build->gap;
    int pitch = marks_pitch(build, build->area.width - used);
    int marks = marks_height(build, pitch);
    put_marks(build, build->area.x + used, y + (rise - marks) / 2, pitch);
}

void page_template_years(struct page_build *build)
{
    page_open(build);
    struct page_text honour = honour_text(build);
    int below = page_text_height(build, &honour, build->area.width) +
                page_lines_height(build) + build->gap * 2;
    if (build->wide)
        flow_beside(build, below);
    else
        flow_stacked(build, below);
    page_skip(build, build->gap * 3 / 2);
    page_flow_text(build, &honour);
    page_flow_lines(build);
}
