/* A run of years: a figure, what was kept, and one filled mark a year. */
#include "display/core/templates/page_template.h"

#include "display/core/compose/compose.h"
#include "display/core/page/page_figure.h"

#include <stdio.h>

/* Under a mark, for its year to be written as well as those beside it. */
enum { YEAR_ROOM_EMS = 3 };

/* From the left edge of its mark on; to the right edge where it is the last and
 * the years between are not written. */
static void put_year(struct page_build *build, int index, struct rect mark,
                     int baseline_y, bool to_right)
{
    const struct panel *panel = &build->message->panel;
    char digits[16];
    snprintf(digits, sizeof digits, "%d",
             panel->last_year - panel->years + 1 + index);
    struct page_text text = {.text = digits,
                             .role = TYPE_SANS,
                             .size_px = build->sizes[SIZE_LEGAL],
                             .colour = build->muted};
    int x = to_right ? mark.x + mark.width - page_run_px(build, &text) : mark.x;
    page_put_run(build, &text, x, baseline_y);
}

/* All years are written where they fit, else the first and the last. */
static bool year_is_written(const struct page_build *build, int index,
                            int pitch)
{
    const struct panel *panel = &build->message->panel;
    if (panel->last_year == 0)
        return false;
    if (pitch >= build->sizes[SIZE_LEGAL] * YEAR_ROOM_EMS)
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

static int mark_px(const struct page_build *build, int pitch)
{
    int side = pitch * 78 / 100;
    int most = build->sizes[SIZE_LEGAL] * 7 / 4;
    return side < most ? side : most;
}

/* A year is written under its mark. */
static int years_px(const struct page_build *build)
{
    return build->message->panel.last_year > 0
               ? build->sizes[SIZE_LEGAL] * 7 / 5
               : 0;
}

/* From a mark to the base line of its year. */
static int year_line_px(const struct page_build *build)
{
    return build->sizes[SIZE_LEGAL] * 5 / 4;
}

static int marks_px(struct page_build *build)
{
    return mark_px(build, marks_pitch(build, build->area.width)) +
           years_px(build);
}

static void put_marks(struct page_build *build, struct rect box)
{
    const struct panel *panel = &build->message->panel;
    int legal = build->sizes[SIZE_LEGAL];
    int pitch = marks_pitch(build, box.width);
    int side = mark_px(build, pitch);
    int y = box.y + (box.height - side - years_px(build)) / 2;
    for (int i = 0; i < panel->years; i++) {
        struct rect mark = {box.x + i * pitch, y, side, side};
        page_put_fill(build, mark, side / 6, build->accent, PAGE_STILL);
        if (year_is_written(build, i, pitch))
            put_year(build, i, mark, y + side + year_line_px(build),
                     i > 0 && pitch < YEAR_ROOM_EMS * legal);
    }
}

/* Room for the first and the last year. */
static int marks_width_px(struct page_build *build)
{
    return build->message->panel.last_year > 0 ? build->sizes[SIZE_LEGAL] * 7
                                               : 0;
}

/* The years stand on the figure's base line, else the marks do. */
static int marks_base_px(struct page_build *build, int width_px)
{
    int side = mark_px(build, marks_pitch(build, width_px));
    int top = (marks_px(build) - side - years_px(build)) / 2;
    return top + side + (years_px(build) > 0 ? year_line_px(build) : 0);
}

static const struct compose_picture marks = {
    put_marks, marks_px, marks_px, marks_width_px, false, false, marks_base_px};

void page_template_years(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct panel_figure run = page_figure_of((struct decimal){panel->years, 0},
                                             build->theme->words[WORD_YEARS]);
    struct compose_sheet sheet = {
        .arrangements = {
            [COMPOSE_STACKED] = true, [COMPOSE_BESIDE] = build->wide}};
    run.qualifier = build->theme->words[WORD_RUNNING];
    if (build->strip)
        compose_text(&sheet, COMPOSE_LABEL, COMPOSE_WHOLE, panel->honour);
    compose_figure(&sheet, COMPOSE_LEFT, &run, (struct decimal){0, 0});
    if (!build->strip) {
        compose_picture(&sheet, COMPOSE_RIGHT, &marks);
        compose_text(&sheet, COMPOSE_SUBJECT, COMPOSE_WHOLE, panel->honour);
    }
    compose_lines(&sheet, panel);
    compose_pages(build, &sheet);
}
