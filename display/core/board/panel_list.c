/* Keeps panels in order and counts what the cycle asks about them, so that no
 * turn goes through all of them. */
#include "display/core/board/panel_list.h"

#include "display/core/alerts/situation.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum panel_group panel_group_of(const struct message *panel)
{
    if (situation_is_live(panel))
        return GROUP_SITUATION;
    return panel->panel.schedule.priority == SCHEDULE_CAMPAIGN ? GROUP_CAMPAIGN
                                                               : GROUP_ORDINARY;
}

struct panel_place panel_place_of(const struct message *panel)
{
    struct panel_place place = {.known = true,
                                .section = panel->panel.section,
                                .order = panel->panel.order};

    strncpy(place.id, panel->id, sizeof place.id - 1);
    return place;
}

void panel_list_finish(struct panel_list *list)
{
    free(list->items);
    *list = (struct panel_list){0};
}

bool panel_list_reserve(struct panel_list *list, size_t count)
{
    enum { LEAST = 64 };
    size_t room = list->room > 0 ? list->room : LEAST;

    if (count <= list->room)
        return true;
    while (room < count)
        room *= 2;
    const struct message **items = realloc(list->items, room * sizeof *items);
    if (!items)
        return false;
    list->items = items;
    list->room = room;
    return true;
}

static int compare(const struct message *panel, const struct panel_place *place)
{
    if (panel->panel.section != place->section)
        return panel->panel.section < place->section ? -1 : 1;
    if (panel->panel.order != place->order)
        return panel->panel.order < place->order ? -1 : 1;
    return strcmp(panel->id, place->id);
}

/* Index of the first panel that is not before the place, or of the first after
 * it. */
static size_t bound(const struct panel_list *list,
                    const struct panel_place *place, bool after)
{
    size_t low = 0, high = list->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare(list->items[middle], place);
        if (order < 0 || (after && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void count(struct panel_list *list, const struct message *panel,
                  int step)
{
    list->sections[panel->panel.section] += (size_t)step;
    list->weights[panel->panel.schedule.weight] += (size_t)step;
    list->shares[panel->panel.schedule.share] += (size_t)step;
}

void panel_list_put(struct panel_list *list, const struct message *panel)
{
    const struct panel_place place = panel_place_of(panel);
    size_t at = bound(list, &place, true);

    assert(list->count < list->room);
    memmove(list->items + at + 1, list->items + at,
            (list->count - at) * sizeof *list->items);
    list->items[at] = panel;
    list->count++;
    count(list, panel, 1);
}

void panel_list_drop(struct panel_list *list, const struct message *panel)
{
    size_t at = panel_list_find(list, panel);

    assert(at < list->count);
    list->count--;
    memmove(list->items + at, list->items + at + 1,
            (list->count - at) * sizeof *list->items);
    count(list, panel, -1);
}

size_t panel_list_find(const struct panel_list *list,
                       const struct message *panel)
{
    const struct panel_place place = panel_place_of(panel);
    size_t at = panel_list_at(list, &place);

    return at < list->count && list->items[at] == panel ? at : list->count;
}

size_t panel_list_at(const struct panel_list *list,
                     const struct panel_place *place)
{
    size_t at = place->known ? bound(list, place, false) : list->count;

    return at < list->count && compare(list->items[at], place) == 0
               ? at
               : list->count;
}

size_t panel_list_after(const struct panel_list *list,
                        const struct panel_place *place)
{
    return place->known ? bound(list, place, true) : 0;
}

size_t panel_list_section(const struct panel_list *list,
                          enum panel_section section)
{
    size_t first = 0;

    for (int i = 0; i < (int)section; i++)
        first += list->sections[i];
    return first;
}

static int greatest(const size_t *counts, int most)
{
    while (most > 0 && counts[most] == 0)
        most--;
    return most;
}

int panel_list_weight(const struct panel_list *list)
{
    return greatest(list->weights, LIMIT_SCHEDULE_WEIGHT);
}

int panel_list_share(const struct panel_list *list)
{
    return greatest(list->shares, PANEL_SHARE_MAX);
}
