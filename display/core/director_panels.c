/* The programme's cycle: panel after panel, page after page, in an order that
 * holds when panels come and go. */
#include "display/core/director_state.h"

#include <string.h>

static int compare_place(const struct message *message,
                         const struct director_place *place)
{
    if (message->panel.section != place->section)
        return message->panel.section < place->section ? -1 : 1;
    if (message->panel.order != place->order)
        return message->panel.order < place->order ? -1 : 1;
    return strcmp(message->id, place->id);
}

static void show_panel(struct director *director,
                       const struct director_stage *stage, size_t at,
                       size_t page, const struct moment *now)
{
    director->position = (int)at + 1;
    director_show(director, SCENE_PANEL, stage->panels[at], page, now);
}

/* The one that was interrupted, or what comes after its place. */
static size_t find_return(const struct director *director,
                          const struct director_stage *stage)
{
    if (!director->place_known)
        return 0;
    for (size_t i = 0; i < stage->panel_count; i++)
        if (strcmp(stage->panels[i]->id, director->place.id) == 0)
            return i;
    for (size_t i = 0; i < stage->panel_count; i++)
        if (compare_place(stage->panels[i], &director->place) > 0)
            return i;
    return 0;
}

static void show_next(struct director *director,
                      const struct director_stage *stage, size_t at,
                      const struct moment *now)
{
    if (director->page + 1 < director->page_count)
        show_panel(director, stage, at, director->page + 1, now);
    else if (stage->panel_count > 1 || director->page_count > 1)
        show_panel(director, stage, (at + 1) % stage->panel_count, 0, now);
}

static void remember_place(struct director *director)
{
    const struct message *message = director->message;

    director->place_known = true;
    director->place = (struct director_place){.section = message->panel.section,
                                              .order = message->panel.order};
    strncpy(director->place.id, message->id, sizeof director->place.id - 1);
}

void director_follow_panels(struct director *director,
                            const struct director_stage *stage,
                            const struct moment *now)
{
    size_t at = stage->panel_count;

    director->total = (int)stage->panel_count;
    if (director->kind == SCENE_PANEL)
        at = director_find_current(director, stage->panels, at);
    if (at == stage->panel_count) {
        show_panel(director, stage, find_return(director, stage), 0, now);
    } else {
        struct director_identity who = director_identify(stage->panels[at]);
        director->position = (int)at + 1;
        if (!director_is_same(&who, &director->current))
            show_panel(director, stage, at, 0, now);
        else if (director_is_due(director, now))
            show_next(director, stage, at, now);
    }
    remember_place(director);
}
