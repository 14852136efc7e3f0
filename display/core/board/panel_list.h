/* The panels of one group that may be shown now, in the order of the programme.
 * Pure. */
#ifndef GAOSHI_DISPLAY_PANEL_LIST_H
#define GAOSHI_DISPLAY_PANEL_LIST_H

#include "protocol/message.h"

#include <stdbool.h>
#include <stddef.h>

/* Ordinary panels, those of campaigns, and those of an emergency that
 * continues. */
enum panel_group {
    GROUP_ORDINARY,
    GROUP_CAMPAIGN,
    GROUP_SITUATION,
    GROUP_COUNT
};

enum panel_group panel_group_of(const struct message *panel);

/* The place of a panel in the programme, valid even when the panel is gone. */
struct panel_place {
    bool known;
    enum panel_section section;
    int order;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
};

struct panel_place panel_place_of(const struct message *panel);

enum { PANEL_SHARE_MAX = 100 };

/* Zeroed is empty. */
struct panel_list {
    const struct message **items; /* by section, order and id; borrowed */
    size_t count, room;
    size_t sections[SECTION_COUNT];            /* how many of each section */
    size_t weights[LIMIT_SCHEDULE_WEIGHT + 1]; /* likewise of each weight */
    size_t shares[PANEL_SHARE_MAX + 1];        /* likewise of each share */
};

void panel_list_finish(struct panel_list *list);

/* Makes room for so many panels. False: no memory. */
bool panel_list_reserve(struct panel_list *list, size_t count);

/* Puts a panel in its place; there must be room. */
void panel_list_put(struct panel_list *list, const struct message *panel);
/* Takes out a panel that is in the list. */
void panel_list_drop(struct panel_list *list, const struct message *panel);

/* Index of the panel, or count. */
size_t panel_list_find(const struct panel_list *list,
                       const struct message *panel);

/* Index of the panel at the place: the one with its id, or count. */
size_t panel_list_at(const struct panel_list *list,
                     const struct panel_place *place);

/* Index of the first panel after the place, or count. An unknown place is
 * before all. */
size_t panel_list_after(const struct panel_list *list,
                        const struct panel_place *place);

/* Index of the first panel of the section or of a later one. */
size_t panel_list_section(const struct panel_list *list,
                          enum panel_section section);

/* The greatest weight, or the greatest share, in the list; 0: it is empty. */
int panel_list_weight(const struct panel_list *list);
int panel_list_share(const struct panel_list *list);

#endif
