/* What blocks are under a choice: how high they may be, and how they are put
 * into the height that they get. */
#include "display/core/compose/compose_parts.h"

#include "display/core/page/page_figure.h"

enum {
    /* A figure takes at most this share of the width where something stands
     * at its side; a square picture takes at most this. */
    FIGURE_PERCENT = 58,
    PICTURE_PERCENT = 46,
    SQUARE_PICTURE_PERCENT = 60,
    /* No column is narrower than so many characters. */
    COLUMN_EMS = 4,
    /* The law of heroes, of the page's height. */
    HERO_LANDSCAPE_PERCENT = 20,
    HERO_OTHER_PERCENT = 14,
    /* A pin takes so much of its line. */
    PIN_PERCENT = 135,
    EM_STEP_PERCENT = 96,
    /* What digits keep free over and under them, of the legal size; it yields
     * before they break their law. */
    CLEAR_OVER_PERCENT = 30,
    CLEAR_PERCENT = 48,
};

int compose_hero_least_px(const struct geometry *geometry)
{
    bool landscape = geometry->shape == SHAPE_LANDSCAPE;
    return geometry->height_px *
           (landscape ? HERO_LANDSCAPE_PERCENT : HERO_OTHER_PERCENT) / 100;
}

static int hero_most_px(const struct page_build *build)
{
    return (int)(build->geometry.height_px * build->theme->hero_share);
}

/* In a box, with digits that are not higher than a hero's; 0: none is legal.
 */
static int hero_em(const struct page_build *build,
                   const struct panel_figure *figure, int width, int height)
{
    int em = compose_figure_em(build, figure, width, height);
    return smaller(em, page_digits_em(build, hero_most_px(build)));
}

static int clear_px(const struct page_build *build)
{
    return build->geometry.legal_px * CLEAR_PERCENT / 100;
}

/* What is left for a figure in its part's height. */
static int figure_room(const struct page_build *build, int height)
{
    int law = page_digits_em(build, compose_hero_least_px(&build->geometry));
    return larger(height - clear_px(build),
                  smaller(height, compose_figure_px(build, law)));
}

static int block_width(const struct page_build *build,
                       const struct compose_block *block, int width)
{
    int pin = build->sizes[SIZE_BODY] * PIN_PERCENT / 100;
    return block->role == COMPOSE_ADDRESS ? width - pin : width;
}

/* Of a text or a picture, at its least. */
static int block_px(struct page_build *build, const struct compose_block *block,
                    int width)
{
    if (block->role == COMPOSE_PICTURE)
        return block->picture->least_px(build);
    struct page_text text = compose_style(build, block->role, block->text);
    return page_text_height(build, &text, block_width(build, block, width));
}

static bool is_square(const struct compose_block *block)
{
    return block->role == COMPOSE_PICTURE && block->picture->square;
}

/* Heights of the blocks of a side in a column, gaps included. */
static int stack_px(struct page_build *build, const struct compose_sheet *sheet,
                    enum compose_side side, int width)
{
    const struct compose_block *before = NULL;
    int height = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        const struct compose_block *block = &sheet->blocks[i];
        if (block->side != side)
            continue;
        if (before != NULL)
            height += compose_gap_px(build, block->role, before->role);
        height += block_px(build, block, width);
        before = block;
    }
    return height;
}

static const struct compose_block *find(const struct compose_sheet *sheet,
                                        enum compose_side side,
                                        enum compose_role role)
{
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->blocks[i].side == side && sheet->blocks[i].role == role)
            return &sheet->blocks[i];
    }
    return NULL;
}

/* Two columns, one with what is as large as it can be. */
struct sides {
    int em;      /* of a figure at the left; 0: a picture at the right */
    int side_px; /* of a square picture at the right */
    int left_px; /* widths */
    int right_px;
    int height_px; /* what both need */
};

static int column_gap(const struct page_build *build)
{
    return build->gap * 2;
}

static bool set_figure(struct page_build *build,
                       const struct compose_sheet *sheet, int em,
                       struct sides *sides)
{
    const struct compose_block *figure = find(sheet, COMPOSE_LEFT,
                                              COMPOSE_FIGURE);
    const struct compose_block *picture = find(sheet, COMPOSE_RIGHT,
                                               COMPOSE_PICTURE);
    int least = build->geometry.legal_px * COLUMN_EMS;
    if (picture != NULL && picture->picture->least_width_px != NULL)
        least = larger(least, picture->picture->least_width_px(build));
    sides->em = em;
    sides->left_px = page_figure_width(build, figure->figure, em);
    sides->right_px = build->area.width - sides->left_px - column_gap(build);
    if (sides->right_px < least)
        return false;
    sides->height_px =
        larger(compose_figure_px(build, em),
               stack_px(build, sheet, COMPOSE_RIGHT, sides->right_px));
    return true;
}

/* At the greatest size that fits the height; em 0: none does. */
static struct sides fit_figure(struct page_build *build,
                               const struct compose_sheet *sheet, int height)
{
    const struct compose_block *figure = find(sheet, COMPOSE_LEFT,
                                              COMPOSE_FIGURE);
    struct sides sides = {0};
    int em = hero_em(build, figure->figure,
                     build->area.width * FIGURE_PERCENT / 100, height);
    int legal = build->geometry.legal_px;
    for (; em >= legal; em = smaller(em - 1, em * EM_STEP_PERCENT / 100)) {
        if (set_figure(build, sheet, em, &sides) && sides.height_px <= height)
            return sides;
    }
    return (struct sides){0};
}

static int picture_percent(const struct page_build *build)
{
    return build->geometry.shape == SHAPE_SQUARE ? SQUARE_PICTURE_PERCENT
                                                 : PICTURE_PERCENT;
}

static struct sides fit_picture(struct page_build *build,
                                const struct compose_sheet *sheet, int height)
{
    const struct compose_picture *picture =
        find(sheet, COMPOSE_RIGHT, COMPOSE_PICTURE)->picture;
    int least = picture->least_px(build);
    int side = smaller(height,
                       build->area.width * picture_percent(build) / 100);
    side = smaller(side, picture->most_px(build));
    for (; side >= least; side = side * EM_STEP_PERCENT / 100) {
        struct sides sides = {.side_px = side, .right_px = side};
        sides.left_px = build->area.width - side - column_gap(build);
        int left = stack_px(build, sheet, COMPOSE_LEFT, sides.left_px);
        sides.height_px = larger(side, left);
        if (sides.left_px >= build->geometry.legal_px * COLUMN_EMS &&
            left <= height)
            return sides;
    }
    return (struct sides){0};
}

static struct sides fit_sides(struct page_build *build,
                              const struct compose_sheet *sheet, int height)
{
    if (find(sheet, COMPOSE_LEFT, COMPOSE_FIGURE) != NULL)
        return fit_figure(build, sheet, height);
    return fit_picture(build, sheet, height);
}

/* The least height at which both sides stand, a hero not under its law where
 * that can be. */
static int sides_least(struct page_build *build,
                       const struct compose_sheet *sheet)
{
    const struct compose_block *figure = find(sheet, COMPOSE_LEFT,
                                              COMPOSE_FIGURE);
    int height = build->area.height;
    if (figure == NULL) {
        const struct compose_picture *picture =
            find(sheet, COMPOSE_RIGHT, COMPOSE_PICTURE)->picture;
        int least = picture->least_px(build);
        int width = build->area.width - least - column_gap(build);
        return larger(least, stack_px(build, sheet, COMPOSE_LEFT, width));
    }
    int em = page_digits_em(build, compose_hero_least_px(&build->geometry));
    struct sides sides = {0};
    for (; em >= build->geometry.legal_px; em = em * EM_STEP_PERCENT / 100) {
        if (page_figure_width(build, figure->figure, em) <=
                build->area.width * FIGURE_PERCENT / 100 &&
            set_figure(build, sheet, em, &sides))
            return sides.height_px;
    }
    return height + 1;
}

bool compose_part_flows(const struct compose_part *part)
{
    return !part->sides && part->block->text[0] != '\0';
}

static struct compose_part *add_part(struct compose_plan *plan,
                                     const struct compose_block *block,
                                     int least_px, int most_px)
{
    struct compose_part *part = &plan->parts[plan->count];
    *part = (struct compose_part){
        .block = block, .least_px = least_px, .most_px = most_px};
    plan->count++;
    return part;
}

static bool add_figure(struct page_build *build, struct compose_plan *plan,
                       const struct compose_block *block)
{
    int width = build->area.width;
    int least = page_digits_em(build, compose_hero_least_px(&build->geometry));
    int em = page_figure_fit(build, block->figure, width,
                             page_digits_em(build, hero_most_px(build)));
    if (em == 0)
        return false;
    int high = compose_figure_px(build, em);
    int low = compose_figure_px(build, smaller(least, em));
    add_part(plan, block, low, high + clear_px(build));
    return true;
}

static bool add_cells(struct page_build *build, struct compose_plan *plan,
                      const struct compose_block *block)
{
    int least = build->geometry.legal_px * COLUMN_EMS;
    plan->grid = compose_grid_make(build, block, &plan->choice);
    if (plan->grid.width_px - plan->grid.label_px < least)
        return false;
    plan->choice.em = 0;
    if (block->cells[0].figure != NULL) {
        int most = page_digits_em(build, hero_most_px(build));
        plan->choice.em = compose_cells_em(build, block, plan, most);
        if (plan->choice.em < build->geometry.legal_px)
            return false;
    }
    compose_measure_rows(build, block, plan);
    size_t columns = (size_t)plan->grid.columns;
    size_t rows = (block->cell_count + columns - 1) / columns;
    for (size_t row = 0; row < rows; row++) {
        int height = compose_row_px(build, plan, row);
        add_part(plan, block, height, height)->row = row;
    }
    plan->used = compose_cells_used(build, block, plan);
    plan->great = compose_cells_are_great(block);
    plan->parted += compose_cells_parted(build, block, plan);
    return true;
}

static bool add_block(struct page_build *build, struct compose_plan *plan,
                      const struct compose_block *block)
{
    if (block->role == COMPOSE_FIGURE)
        return add_figure(build, plan, block);
    if (block->role == COMPOSE_CELLS)
        return add_cells(build, plan, block);
    int least = block_px(build, block, build->area.width);
    int most = least;
    if (is_square(block) && least > build->area.width)
        return false;
    if (block->role == COMPOSE_PICTURE) {
        most = larger(least, block->picture->most_px(build));
        if (block->picture->square)
            most = smaller(most, build->area.width);
    } else {
        struct page_text text = compose_style(build, block->role, block->text);
        plan->parted += page_text_parted(build, &text, build->area.width);
    }
    add_part(plan, block, least, most);
    return true;
}

static bool add_sides(struct page_build *build,
                      const struct compose_sheet *sheet,
                      struct compose_plan *plan,
                      const struct compose_block *block)
{
    int least = sides_least(build, sheet);
    struct sides sides = fit_sides(build, sheet, build->area.height);
    if (sides.height_px == 0)
        return false;
    add_part(plan, block, smaller(least, sides.height_px), sides.height_px)
        ->sides = true;
    return true;
}

/* A label never without its figure. */
static void set_gaps(struct page_build *build, struct compose_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        struct compose_part *part = &plan->parts[i];
        enum compose_role role = part->block->role;
        part->with_next = role == COMPOSE_LABEL || role == COMPOSE_ADDRESS ||
                          role == COMPOSE_UNIT;
        if (i > 0)
            part->gap_px = compose_gap_px(build, role,
                                          plan->parts[i - 1].block->role);
    }
}

bool compose_make_parts(struct page_build *build,
                        const struct compose_sheet *sheet,
                        struct compose_plan *plan)
{
    bool beside = plan->choice.arrangement == COMPOSE_BESIDE;
    bool margin = plan->choice.arrangement == COMPOSE_MARGIN;
    bool put = false;
    plan->count = 0;
    plan->parted = 0;
    plan->used = 1;
    build->unit_below = plan->choice.below;
    for (size_t i = 0; i < sheet->count && plan->count < COMPOSE_PARTS; i++) {
        const struct compose_block *block = &sheet->blocks[i];
        if (margin && is_square(block))
            continue;
        if (!beside || block->side == COMPOSE_WHOLE) {
            if (!add_block(build, plan, block))
                return false;
            continue;
        }
        if (!put && !add_sides(build, sheet, plan, block))
            return false;
        put = true;
    }
    set_gaps(build, plan);
    return true;
}

double compose_part_picture(struct page_build *build,
                            const struct compose_sheet *sheet,
                            const struct compose_part *part, int height_px)
{
    const struct compose_picture *picture = part->block->picture;
    if (part->sides && find(sheet, COMPOSE_LEFT, COMPOSE_FIGURE) == NULL) {
        picture = find(sheet, COMPOSE_RIGHT, COMPOSE_PICTURE)->picture;
        height_px = fit_sides(build, sheet, height_px).side_px;
    } else if (part->sides) {
        return 1;
    }
    if (picture == NULL || !picture->hero)
        return 1;
    return (double)height_px / picture->most_px(build);
}

int compose_part_hero_px(struct page_build *build,
                         const struct compose_sheet *sheet,
                         const struct compose_part *part, int height_px)
{
    int em = 0;
    if (part->sides)
        em = fit_sides(build, sheet, height_px).em;
    else if (part->block->role == COMPOSE_FIGURE)
        em = hero_em(build, part->block->figure, build->area.width,
                     figure_room(build, height_px));
    int thousand = page_digits_em(build, 1000);
    return thousand > 0 ? (int)((int64_t)em * 1000 / thousand) : 0;
}

/* A pin: the old sign for «here», a disc over a point. */
static void put_pin(struct page_build *build, int y, int size)
{
    float x = (float)build->area.x + (float)size * 0.36F;
    float radius = (float)size * 0.34F;
    float middle = (float)y + radius;
    const struct page_corner tip[3] = {
        {x - radius * 0.87F, middle + radius * 0.5F},
        {x + radius * 0.87F, middle + radius * 0.5F},
        {x, (float)(y + size)}};
    page_put_polygon(build, tip, 3, build->accent);
    page_put_ring(build, x, middle, radius, radius * 0.42F, 1, build->accent,
                  PAGE_STILL);
}

static void put_text(struct page_build *build,
                     const struct compose_block *block, struct rect box)
{
    struct page_text text = compose_style(build, block->role, block->text);
    int width = block_width(build, block, box.width);
    if (width < box.width)
        put_pin(build, box.y + text.size_px * 20 / 100, text.size_px);
    page_put_text(build, &text, box.x + box.width - width, box.y, width);
}

static void put_figure(struct page_build *build,
                       const struct compose_block *block, struct rect box)
{
    int em = hero_em(build, block->figure, box.width,
                     figure_room(build, box.height));
    int clear = (box.height - compose_figure_px(build, em)) *
                CLEAR_OVER_PERCENT / CLEAR_PERCENT;
    page_put_figure(build, block->figure, block->from, box.x,
                    box.y + clear + page_figure_rise(build, em), em);
}

static void put_block(struct page_build *build,
                      const struct compose_block *block, struct rect box)
{
    if (block->role == COMPOSE_FIGURE)
        put_figure(build, block, box);
    else if (block->role == COMPOSE_PICTURE)
        block->picture->put(build, box);
    else
        put_text(build, block, box);
}

/* In the middle of the height, one below the other. */
static void put_stack(struct page_build *build,
                      const struct compose_sheet *sheet, enum compose_side side,
                      struct rect box)
{
    const struct compose_block *before = NULL;
    int y = box.y + (box.height - stack_px(build, sheet, side, box.width)) / 2;
    for (size_t i = 0; i < sheet->count; i++) {
        const struct compose_block *block = &sheet->blocks[i];
        if (block->side != side)
            continue;
        if (before != NULL)
            y += compose_gap_px(build, block->role, before->role);
        int height = block_px(build, block, box.width);
        put_block(build, block, (struct rect){box.x, y, box.width, height});
        y += height;
        before = block;
    }
}

/* The box of what stands beside a figure: that of a picture with a base line is
 * moved so that both stand on one, if it has room. */
static struct rect on_base_line(struct page_build *build,
                                const struct compose_sheet *sheet,
                                struct rect box, int baseline)
{
    const struct compose_block *block = find(sheet, COMPOSE_RIGHT,
                                             COMPOSE_PICTURE);
    if (block == NULL || block->picture->base_px == NULL)
        return box;
    int height = stack_px(build, sheet, COMPOSE_RIGHT, box.width);
    int y = baseline - block->picture->base_px(build, box.width);
    if (y >= box.y)
        box = (struct rect){box.x, y, box.width, height};
    return box;
}

static void put_sides(struct page_build *build,
                      const struct compose_sheet *sheet, struct rect box)
{
    struct sides sides = fit_sides(build, sheet, box.height);
    struct rect left = {box.x, box.y, sides.left_px, box.height};
    struct rect right = {box.x + box.width - sides.right_px, box.y,
                         sides.right_px, box.height};
    if (sides.em == 0) {
        put_stack(build, sheet, COMPOSE_LEFT, left);
        right.y += (box.height - sides.side_px) / 2;
        right.height = sides.side_px;
        find(sheet, COMPOSE_RIGHT, COMPOSE_PICTURE)->picture->put(build, right);
        return;
    }
    const struct compose_block *figure = find(sheet, COMPOSE_LEFT,
                                              COMPOSE_FIGURE);
    int high = compose_figure_px(build, sides.em);
    int baseline = box.y + (box.height - high) / 2 +
                   page_figure_rise(build, sides.em);
    page_put_figure(build, figure->figure, figure->from, box.x, baseline,
                    sides.em);
    put_stack(build, sheet, COMPOSE_RIGHT,
              on_base_line(build, sheet, right, baseline));
}

void compose_put_part(struct page_build *build,
                      const struct compose_sheet *sheet,
                      const struct compose_plan *plan,
                      const struct compose_part *part, int y)
{
    struct rect box = {build->area.x, y, build->area.width, part->height_px};
    build->unit_below = plan->choice.below;
    if (part->sides)
        put_sides(build, sheet, box);
    else if (part->block->role == COMPOSE_CELLS)
        compose_put_row(build, part->block, plan, part->row, y);
    else
        put_block(build, part->block, box);
}

void compose_set_em(struct page_build *build, struct compose_plan *plan, int em)
{
    plan->choice.em = em;
    for (size_t i = 0; i < plan->count; i++) {
        struct compose_part *part = &plan->parts[i];
        if (part->block->role != COMPOSE_CELLS)
            continue;
        part->least_px = compose_row_px(build, plan, part->row);
        part->most_px = part->least_px;
    }
}
