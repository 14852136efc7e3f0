/* Tries the ways to set a sheet and takes the cheapest. */
#include "display/core/compose/compose.h"

#include "display/core/compose/compose_parts.h"
#include "display/core/page/page_figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLUMNS_MOST = 4,
    RAGGED_MOST = 6,
    /* At the last step a gap keeps so much of its size. */
    GAP_LEAST_PERCENT = 35,
    /* Digits in cells stand out from text by so much at least. */
    CELLS_LEAST_PERCENT = 135,
    EM_STEP_PERCENT = 94,
    /* A page that is filled less is nearly empty. */
    WIDOW_PARTS = 3,
    /* A picture in the margin: of the width, of the height. */
    MARGIN_WIDTH_PERCENT = 46,
    MARGIN_HEIGHT_PERCENT = 96,
};

static struct compose_block *add(struct compose_sheet *sheet,
                                 enum compose_role role, enum compose_side side)
{
    struct compose_block *block = &sheet->blocks[sheet->count];
    if (sheet->count + 1 < COMPOSE_BLOCKS)
        sheet->count++;
    *block = (struct compose_block){.role = role, .side = side, .text = ""};
    return block;
}

void compose_text(struct compose_sheet *sheet, enum compose_role role,
                  enum compose_side side, const char *text)
{
    if (text[0] != '\0')
        add(sheet, role, side)->text = text;
}

void compose_figure(struct compose_sheet *sheet, enum compose_side side,
                    const struct panel_figure *figure, struct decimal from)
{
    struct compose_block *block = add(sheet, COMPOSE_FIGURE, side);
    block->figure = figure;
    block->from = from;
}

void compose_picture(struct compose_sheet *sheet, enum compose_side side,
                     const struct compose_picture *picture)
{
    add(sheet, COMPOSE_PICTURE, side)->picture = picture;
}

void compose_cells(struct compose_sheet *sheet,
                   const struct compose_cell *cells, size_t count)
{
    if (count == 0)
        return;
    struct compose_block *block = add(sheet, COMPOSE_CELLS, COMPOSE_WHOLE);
    block->cells = cells;
    block->cell_count = count;
}

void compose_figures(struct compose_sheet *sheet,
                     struct compose_cell cells[LIMIT_FIGURES],
                     const struct panel *panel)
{
    for (size_t i = 0; i < panel->figure_count; i++)
        cells[i] = (struct compose_cell){.label = panel->figures[i].label,
                                         .figure = &panel->figures[i],
                                         .detail = "",
                                         .note = panel->figures[i].note};
    compose_cells(sheet, cells, panel->figure_count);
}

void compose_lines(struct compose_sheet *sheet, const struct panel *panel)
{
    for (size_t i = 0; i < panel->line_count; i++)
        compose_text(sheet, COMPOSE_CONTEXT, COMPOSE_WHOLE, panel->lines[i]);
}

/* What a choice starts from. */
struct composer {
    struct page_build *build;
    const struct compose_sheet *sheet;
    int sizes[SIZE_COUNT];
    int gap;
    void (*header)(struct page_build *build);
    struct compose_plan *tried, *best;
};

/* Every size moves from its greatest to the legal one. */
static void set_scale(struct composer *composer, int step)
{
    struct page_build *build = composer->build;
    double rest = 1 - (double)step / COMPOSE_STEPS;
    double legal = build->geometry.legal_px;
    for (int i = 0; i < SIZE_COUNT; i++)
        build->sizes[i] =
            (int)(legal * pow(composer->sizes[i] / legal, rest) + 0.5);
    double air = GAP_LEAST_PERCENT + (100 - GAP_LEAST_PERCENT) * rest;
    build->gap = (int)(composer->gap * air / 100);
    build->leading_percent =
        (int)(COMPOSE_LEADING_LEAST +
              (COMPOSE_LEADING_MOST - COMPOSE_LEADING_LEAST) * rest);
    build->tight = 2 * step > COMPOSE_STEPS;
    build->title_px = 0;
}

static const struct compose_picture *
margin_picture(const struct compose_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++) {
        const struct compose_block *block = &sheet->blocks[i];
        if (block->role == COMPOSE_PICTURE && block->picture->square)
            return block->picture;
    }
    return NULL;
}

/* The picture takes the page's right side, and the header what is left. */
static void margin_header(struct page_build *build)
{
    const struct rect area = build->area;
    int side = area.width * MARGIN_WIDTH_PERCENT / 100;
    int most = area.height * MARGIN_HEIGHT_PERCENT / 100;
    side = side < most ? side : most;
    most = build->margin->most_px(build);
    side = side < most ? side : most;
    build->margin_px = side;
    struct rect box = {area.x + area.width - side,
                       area.y + (area.height - side) / 2, side, side};
    build->margin->put(build, box);
    build->area.width -= side + 2 * build->gap;
    build->body_header(build);
}

static void set_header(struct composer *composer,
                       enum compose_arrangement arrangement)
{
    struct page_build *build = composer->build;
    bool margin = arrangement == COMPOSE_MARGIN;
    build->header = margin ? margin_header : composer->header;
    build->body_header = composer->header;
    build->margin = margin ? margin_picture(composer->sheet) : NULL;
}

/* The body under the header, without a page: nothing is put. */
static void measure_body(struct page_build *build)
{
    build->area = build->geometry.safe;
    build->area.height -= build->mark_px;
    if (build->header != NULL)
        build->header(build);
    build->y = build->area.y;
}

static size_t group_end(const struct compose_plan *plan, size_t from)
{
    size_t end = from;
    while (end + 1 < plan->count && plan->parts[end].with_next)
        end++;
    return end + 1;
}

/* From one part to another, at their least. */
static int group_px(const struct compose_plan *plan, size_t from, size_t end,
                    bool top)
{
    int height = 0;
    for (size_t i = from; i < end; i++)
        height += plan->parts[i].least_px +
                  (i == from && top ? 0 : plan->parts[i].gap_px);
    return height;
}

static void paginate(struct compose_plan *plan, int room)
{
    int page = 0, used = 0;
    plan->over = false;
    for (size_t i = 0; i < plan->count;) {
        size_t end = group_end(plan, i);
        int height = group_px(plan, i, end, used == 0);
        if (used > 0 && used + height > room) {
            page++;
            used = 0;
            height = group_px(plan, i, end, true);
        }
        bool flows = end == i + 1 && compose_part_flows(&plan->parts[i]);
        plan->over = plan->over || (height > room && !flows);
        used += height;
        for (; flows && used > room && room > 0; used -= room)
            page++;
        for (; i < end; i++)
            plan->parts[i].page = page;
    }
    plan->pages = page + 1;
}

static int page_least(const struct compose_plan *plan, int page)
{
    int height = 0;
    for (size_t i = 0; i < plan->count; i++) {
        bool first = i == 0 || plan->parts[i - 1].page != page;
        if (plan->parts[i].page == page)
            height += plan->parts[i].least_px +
                      (first ? 0 : plan->parts[i].gap_px);
    }
    return height;
}

/* A last page that is nearly empty gets what stands before it, where the page
 * before does not become emptier than it. */
static void even_out(struct compose_plan *plan, int room)
{
    int last = plan->pages - 1;
    while (last > 0 && page_least(plan, last) * WIDOW_PARTS < room) {
        size_t from = plan->count;
        while (from > 0 && plan->parts[from - 1].page == last)
            from--;
        size_t begin = from - 1;
        while (begin > 0 && plan->parts[begin - 1].with_next)
            begin--;
        int moved = group_px(plan, begin, from, true);
        if (plan->parts[begin].page != last - 1 || begin == 0 ||
            plan->parts[begin - 1].page != last - 1 ||
            page_least(plan, last) + moved > room ||
            page_least(plan, last - 1) - moved < room / WIDOW_PARTS)
            return;
        for (size_t i = begin; i < from; i++)
            plan->parts[i].page = last;
    }
}

/* What a page has to spare goes to what can grow, from the first on. */
static void grow(struct composer *composer, struct compose_plan *plan, int room)
{
    struct page_build *build = composer->build;
    plan->picture = 1;
    if (build->margin != NULL)
        plan->picture = (double)build->margin_px /
                        build->margin->most_px(build);
    for (int page = 0; page < plan->pages; page++) {
        int spare = room - page_least(plan, page);
        for (size_t i = 0; i < plan->count; i++) {
            struct compose_part *part = &plan->parts[i];
            if (part->page != page)
                continue;
            int more = part->most_px - part->least_px;
            more = more < spare ? more : spare;
            more = more > 0 ? more : 0;
            part->height_px = part->least_px + more;
            spare -= more;
            int hero = compose_part_hero_px(composer->build, composer->sheet,
                                            part, part->height_px);
            plan->hero_px = hero > plan->hero_px ? hero : plan->hero_px;
            double picture = compose_part_picture(
                composer->build, composer->sheet, part, part->height_px);
            plan->picture = picture < plan->picture ? picture : plan->picture;
        }
    }
}

static void set_emptiest(struct compose_plan *plan, int room)
{
    plan->emptiest = 1;
    for (int page = 0; page < plan->pages; page++) {
        int height = 0;
        for (size_t i = 0; i < plan->count; i++) {
            if (plan->parts[i].page == page)
                height += plan->parts[i].height_px;
        }
        double full = room > 0 ? (double)height / room : 1;
        plan->emptiest = full < plan->emptiest ? full : plan->emptiest;
    }
}

/* Digits in cells become smaller where that spares a page. */
static void shrink_cells(struct page_build *build, struct compose_plan *plan,
                         int room)
{
    int least = build->geometry.legal_px * CELLS_LEAST_PERCENT / 100;
    int largest = plan->choice.em;
    int pages = plan->pages;
    int best = largest;
    for (int em = largest; pages > 1 && em >= least;
         em = em * EM_STEP_PERCENT / 100) {
        compose_set_em(build, plan, em);
        paginate(plan, room);
        if (!plan->over && plan->pages < pages) {
            pages = plan->pages;
            best = em;
        }
    }
    compose_set_em(build, plan, best);
    paginate(plan, room);
}

/* What a scale costs alone: more at every step. */
static double scale_cost(const struct composer *composer, int step)
{
    const struct page_build *build = composer->build;
    const struct compose_weights *weights = &build->theme->compose;
    double body = composer->sizes[SIZE_BODY] / (double)build->sizes[SIZE_BODY];
    return weights->body * (body - 1) +
           weights->air * (double)step / COMPOSE_STEPS;
}

/* What is wrong with a plan, by the theme's weights. */
static double cost_of(const struct composer *composer,
                      const struct compose_plan *plan)
{
    const struct page_build *build = composer->build;
    const struct compose_weights *weights = &build->theme->compose;
    double target = build->geometry.height_px * build->theme->hero_share;
    double cost = weights->page * (plan->pages - 1);
    int law = compose_hero_least_px(&build->geometry);
    if (plan->over)
        cost += weights->law * COMPOSE_STEPS;
    if (plan->hero_px > 0 && plan->hero_px < law - 1)
        cost += weights->law * (2 - (double)plan->hero_px / law);
    if (plan->hero_px > 0)
        cost += weights->hero * (1 - plan->hero_px / target);
    cost += weights->hero * (1 - plan->picture);
    if (plan->choice.em > 0)
        cost += weights->hero * (1 - plan->choice.em / (double)page_digits_em(
                                                           build, (int)target));
    if (plan->great)
        cost += weights->hero * (1 - build->sizes[SIZE_DISPLAY] /
                                         (double)composer->sizes[SIZE_DISPLAY]);
    cost += scale_cost(composer, plan->choice.step);
    cost += weights->width * (1 - plan->used);
    cost += weights->parted * plan->parted;
    if (plan->choice.below)
        cost += weights->below;
    if (plan->pages > 1 && plan->emptiest < 1.0 / WIDOW_PARTS)
        cost += weights->widow * (1 - WIDOW_PARTS * plan->emptiest);
    return cost;
}

/* Keeps the plan if it is the cheapest so far. False: its pages do not hold
 * it. */
static bool try_choice(struct composer *composer, struct compose_choice choice)
{
    struct page_build *build = composer->build;
    struct compose_plan *plan = composer->tried;
    set_scale(composer, choice.step);
    set_header(composer, choice.arrangement);
    measure_body(build);
    *plan = (struct compose_plan){.choice = choice};
    if (build->failed || !compose_make_parts(build, composer->sheet, plan))
        return false;
    int room = build->area.height;
    paginate(plan, room);
    if (plan->choice.em > 0)
        shrink_cells(build, plan, room);
    even_out(plan, room);
    grow(composer, plan, room);
    set_emptiest(plan, room);
    plan->parted += compose_title_parted(build);
    plan->cost = cost_of(composer, plan);
    bool holds = !plan->over;
    if (composer->best->pages == 0 || plan->cost < composer->best->cost) {
        struct compose_plan *better = composer->tried;
        composer->tried = composer->best;
        composer->best = better;
    }
    return holds;
}

/* What is wrong with pages that a content flows over. */
static double flow_cost(const struct composer *composer,
                        const struct page_extent *extent, int step)
{
    const struct page_build *build = composer->build;
    const struct compose_weights *weights = &build->theme->compose;
    double cost = weights->page * (extent->pages - 1) +
                  scale_cost(composer, step);
    int page_px = page_extent_px(extent);
    double full = page_px > 0 ? (double)extent->used_px / page_px : 1;
    if (extent->pages > 1 && full * WIDOW_PARTS < 1)
        cost += weights->widow * (1 - WIDOW_PARTS * full);
    return cost;
}

int compose_flow(struct page_build *build, page_measure *measure)
{
    struct composer composer = {
        .build = build, .gap = build->gap, .header = build->header};
    int best = 0;
    double least = 0;
    memcpy(composer.sizes, build->sizes, sizeof composer.sizes);
    for (int step = 0; step <= COMPOSE_STEPS && !build->failed; step++) {
        set_scale(&composer, step);
        measure_body(build);
        struct page_extent extent = {1, build->area.height, 0, build->later_px};
        measure(build, build->sizes[SIZE_BODY], &extent);
        double cost = flow_cost(&composer, &extent, step);
        if (step == 0 || cost < least) {
            least = cost;
            best = step;
        }
        /* Smaller only costs more where all of it stands on a page. */
        if (extent.pages == 1)
            break;
    }
    set_scale(&composer, best);
    measure_body(build);
    return build->sizes[SIZE_BODY];
}

static bool has(const struct compose_sheet *sheet, enum compose_role role)
{
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->blocks[i].role == role)
            return true;
    }
    return false;
}

/* A few names, of which some alone say what they are: in columns that would
 * seem to be missing of the others. */
static bool has_ragged_cells(const struct compose_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++) {
        const struct compose_block *block = &sheet->blocks[i];
        size_t details = 0;
        for (size_t c = 0; c < block->cell_count; c++)
            details += block->cells[c].detail[0] != '\0';
        if (details > 0 && details < block->cell_count &&
            block->cell_count <= RAGGED_MOST)
            return true;
    }
    return false;
}

static void try_all(struct composer *composer)
{
    const struct compose_sheet *sheet = composer->sheet;
    bool cells = has(sheet, COMPOSE_CELLS);
    int columns = cells && !has_ragged_cells(sheet) ? COLUMNS_MOST : 1;
    int below = has(sheet, COMPOSE_FIGURE) ? 2 : 1;
    for (int i = 0; i < COMPOSE_ARRANGEMENT_COUNT * columns * below * 2; i++) {
        struct compose_choice choice = {
            .arrangement =
                (enum compose_arrangement)(i / (columns * below * 2)),
            .columns = 1 + i / (below * 2) % columns,
            .below = i / 2 % below == 1,
            .beside = i % 2 == 1,
        };
        if (!sheet->arrangements[choice.arrangement] ||
            (choice.beside && !cells))
            continue;
        /* What the least sizes do not hold, no others do. */
        choice.step = COMPOSE_STEPS;
        if (!try_choice(composer, choice))
            continue;
        for (choice.step = 0; choice.step < COMPOSE_STEPS; choice.step++) {
            set_scale(composer, choice.step);
            if (scale_cost(composer, choice.step) >= composer->best->cost)
                break;
            try_choice(composer, choice);
        }
    }
}

/* A text that no page holds flows over as many as it needs. */
static void put_part(struct composer *composer, const struct compose_part *part)
{
    struct page_build *build = composer->build;
    if (compose_part_flows(part) && part->least_px > build->area.height) {
        struct page_text flowing = compose_style(build, part->block->role,
                                                 part->block->text);
        page_flow_text(build, &flowing);
        return;
    }
    compose_put_part(build, composer->sheet, composer->best, part, build->y);
    build->y += part->height_px;
}

static void put_best(struct composer *composer)
{
    struct page_build *build = composer->build;
    const struct compose_plan *plan = composer->best;
    set_scale(composer, plan->choice.step);
    set_header(composer, plan->choice.arrangement);
    for (size_t i = 0; i < plan->count; i++) {
        const struct compose_part *part = &plan->parts[i];
        if (i == 0 || part->page != plan->parts[i - 1].page)
            page_open(build);
        page_skip(build, part->gap_px);
        put_part(composer, part);
    }
    build->set->over = plan->over || plan->pages == 0;
    if (plan->count == 0)
        page_open(build);
}

void compose_pages(struct page_build *build, const struct compose_sheet *sheet)
{
    if (build->strip) {
        compose_strip(build, sheet);
        return;
    }
    struct composer composer = {.build = build,
                                .sheet = sheet,
                                .gap = build->gap,
                                .header = build->header};
    memcpy(composer.sizes, build->sizes, sizeof composer.sizes);
    composer.tried = calloc(1, sizeof *composer.tried);
    composer.best = calloc(1, sizeof *composer.best);
    if (composer.tried == NULL || composer.best == NULL)
        build->failed = true;
    if (!build->failed)
        try_all(&composer);
    if (!build->failed)
        put_best(&composer);
    free(composer.tried);
    free(composer.best);
}
