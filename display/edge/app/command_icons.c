/* gaoshi-display icons: prints the pictograms with what they mean, and draws
 * them on one sheet. */
#include <stdio.h>
#include <stdlib.h>

#include "base/language.h"
#include "base/log.h"
#include "display/core/draw/icon.h"
#include "display/core/page/page_run.h"
#include "display/edge/app/command.h"
#include "display/edge/app/glass.h"
#include "display/edge/config/config.h"
#include "display/edge/render/picture.h"

enum { COLUMNS = 10, SIDE_PX = 96, CELL_PX = 160, WORD_PX = 24, NAME_PX = 16 };

static int complain(const struct problem *problem, int code)
{
    log_problem(LOG_ERROR, "icons", problem);
    return code;
}

static bool draw_cell(struct glass *glass, const struct icon *icon, int x,
                      int y)
{
    const struct theme *theme = &glass->theme;
    const struct type_metrics *metrics = glass->whole.metrics;
    struct draw_list *list = &glass->list;
    int left = x + (CELL_PX - SIDE_PX) / 2;

    return icon_draw(icon, left, y + 8, SIDE_PX, theme->text, theme->ground,
                     list) &&
           page_run_draw(metrics, TYPE_SANS, WORD_PX, icon->meaning, x + 8,
                         y + SIDE_PX + 8 + WORD_PX, theme->text, list) &&
           page_run_draw(metrics, TYPE_SANS, NAME_PX, icon->name, x + 8,
                         y + SIDE_PX + 12 + WORD_PX + NAME_PX, theme->muted,
                         list);
}

static bool draw_sheet(struct glass *glass, const char *file,
                       struct problem *problem)
{
    struct rect damage[RENDERER_DAMAGE_MAX];
    const struct draw_item ground = {
        .kind = DRAW_FILL,
        .bounds = {0, 0, glass->options.width_px, glass->options.height_px},
        .colour = glass->theme.ground};
    bool drawn = draw_list_add(&glass->list, &ground);

    for (size_t i = 0; drawn && i < icon_count; i++)
        drawn = draw_cell(glass, &icons[i], (int)(i % COLUMNS) * CELL_PX,
                          (int)(i / COLUMNS) * CELL_PX);
    if (!drawn)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    renderer_draw(glass->renderer, &glass->list, damage);
    struct renderer_pixels pixels = renderer_pixels(glass->renderer);
    return picture_write(file, &pixels, problem);
}

static bool make_sheet(const struct config *config, struct problem *problem)
{
    int rows = (int)(icon_count + COLUMNS - 1) / COLUMNS;
    const struct glass_options options = {.theme = config->theme,
                                          .width_px = COLUMNS * CELL_PX,
                                          .height_px = rows * CELL_PX};
    struct data_path data;
    struct glass *glass = calloc(1, sizeof *glass);

    if (!glass)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    bool made = data_path_find(config->flags.data, &data, problem) &&
                glass_init(glass, &options, &data, problem) &&
                draw_sheet(glass, config->flags.out, problem);
    glass_finish(glass);
    free(glass);
    return made;
}

static int run(const struct config *config)
{
    struct problem problem = {0};

    if (config->flags.help) {
        language_print(stdout, "gaoshi-display icons [--out PNG]\n");
        option_rows_print_help(config_rows, CONFIG_ICONS, stdout);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < icon_count && !config->flags.out; i++)
        language_print(stdout, "%-14s %s\n", icons[i].name, icons[i].meaning);
    if (config->flags.out && !make_sheet(config, &problem))
        return complain(&problem, EXIT_OTHER);
    return EXIT_DONE;
}

int command_icons(int argc, char **argv)
{
    struct config *config = calloc(1, sizeof *config);
    struct problem problem = {0};
    int operands = 0;

    if (!config)
        return EXIT_OTHER;
    bool read = config_load(config, CONFIG_ICONS, argc, argv, &operands,
                            &problem);
    if (read && operands > 0)
        read = problem_set(&problem, PROBLEM_FIELD, "'%.60s', expected a flag",
                           argv[1]);
    int code = read ? run(config) : complain(&problem, EXIT_USAGE);
    free(config);
    return code;
}
