/* How each role looks: one row of one table. */
#include "display/core/compose/compose_parts.h"

#include "display/core/page/page_figure.h"

/* Colours of a build. */
enum ink { INK_TEXT, INK_MUTED, INK_ACCENT };

struct role {
    enum page_size size; /* at step 0; a step makes every size smaller */
    enum type_role type;
    enum ink ink;
    bool balanced;
    int gap_percent;  /* above it, of the build's gap */
    int next_percent; /* the same below another of its role */
};

static const struct role roles[COMPOSE_ROLE_COUNT] = {
    [COMPOSE_LABEL] = {SIZE_BODY, TYPE_SANS, INK_TEXT, true, 60, 60},
    [COMPOSE_FIGURE] = {SIZE_DISPLAY, TYPE_SANS_BOLD, INK_ACCENT, false, 60, 0},
    [COMPOSE_PICTURE] = {SIZE_LEGAL, TYPE_SANS, INK_TEXT, false, 130, 130},
    [COMPOSE_STATEMENT] = {SIZE_BODY, TYPE_SANS_BOLD, INK_TEXT, true, 90, 33},
    [COMPOSE_SUBJECT] = {SIZE_TITLE, TYPE_SANS_BOLD, INK_TEXT, true, 120, 33},
    [COMPOSE_NOTE] = {SIZE_LEGAL, TYPE_SANS, INK_MUTED, false, 50, 33},
    [COMPOSE_CONTEXT] = {SIZE_BODY, TYPE_SANS, INK_TEXT, true, 120, 33},
    [COMPOSE_ADDRESS] = {SIZE_BODY, TYPE_SANS, INK_TEXT, false, 0, 33},
    [COMPOSE_CAPTION] = {SIZE_TITLE, TYPE_SANS_BOLD, INK_ACCENT, true, 60, 33},
    [COMPOSE_UNIT] = {SIZE_LEGAL, TYPE_SANS, INK_MUTED, false, 0, 33},
    [COMPOSE_CELLS] = {SIZE_BODY, TYPE_SANS, INK_TEXT, true, 60, 0},
};

struct page_text compose_style(const struct page_build *build,
                               enum compose_role role, const char *text)
{
    const struct role *row = &roles[role];
    const draw_colour inks[] = {
        [INK_TEXT] = build->text,
        [INK_MUTED] = build->muted,
        [INK_ACCENT] = build->accent,
    };
    return (struct page_text){.text = text,
                              .role = row->type,
                              .size_px = build->sizes[row->size],
                              .colour = inks[row->ink],
                              .balanced = row->balanced};
}

int compose_gap_px(const struct page_build *build, enum compose_role role,
                   enum compose_role before)
{
    const struct role *row = &roles[role];
    return build->gap *
           (role == before ? row->next_percent : row->gap_percent) / 100;
}

int compose_figure_px(const struct page_build *build, int em)
{
    return page_figure_rise(build, em) + page_figure_depth(build, em);
}

int compose_figure_em(const struct page_build *build,
                      const struct panel_figure *figure, int width_px,
                      int height_px)
{
    int em = page_figure_fit(build, figure, width_px,
                             page_digits_em(build, height_px));
    while (em > build->geometry.legal_px &&
           compose_figure_px(build, em) > height_px)
        em--;
    return em;
}
