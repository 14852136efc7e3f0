/* Gives the figures of files to panels, as a screen that received them. */
#include "display/edge/app/known_figures.h"

#include "base/timestamp.h"

static struct moment moment_of(const struct known_figures *known)
{
    return (struct moment){.wall_ms = known->now_ms,
                           .wall_trusted = true,
                           .wall_confirmed = true,
                           .floor_ms = TIMESTAMP_NONE};
}

bool known_figures_init(struct known_figures *known, int64_t now_ms,
                        bool never_stale)
{
    *known = (struct known_figures){.figures = live_figures_create(),
                                    .now_ms = now_ms,
                                    .never_stale = never_stale};
    return known->figures != NULL;
}

void known_figures_finish(struct known_figures *known)
{
    live_figures_destroy(known->figures);
    known->figures = NULL;
}

bool known_figures_add(struct known_figures *known, struct message *figure,
                       struct problem *problem)
{
    const struct moment now = moment_of(known);
    const struct arrival arrival = {.received_ms = known->now_ms};

    if (!figure->scope[0])
        figure->scope = "all";
    if (figure->issued_ms == TIMESTAMP_NONE)
        figure->issued_ms = known->now_ms;
    return live_figures_take(known->figures, figure, &arrival, &now, problem)
               .effect != BOARD_REFUSED;
}

static bool find(void *context, const struct message *panel,
                 struct page_live *out)
{
    const struct known_figures *known = context;
    const struct moment now = moment_of(known);

    if (!live_figures_find(known->figures, panel, &now, out))
        return false;
    for (size_t i = 0; known->never_stale && i < LIMIT_FIGURES; i++)
        out->figures[i].stale = false;
    return true;
}

struct page_cache_live known_figures_source(struct known_figures *known)
{
    return (struct page_cache_live){find, known};
}
