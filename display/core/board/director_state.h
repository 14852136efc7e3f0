/* The director's inside, shared by its files; nobody else includes it. */
#ifndef GAOSHI_DISPLAY_DIRECTOR_STATE_H
#define GAOSHI_DISPLAY_DIRECTOR_STATE_H

#include "display/core/board/director.h"

/* Which message is meant, when its memory may be gone. */
struct director_identity {
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    char scope[SCOPE_BYTES];
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    enum alert_status status; /* of alerts */
    int64_t seq;
};

/* Where a panel stands in the programme, when it may be gone. */
struct director_place {
    bool known;
    enum panel_section section;
    int order;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
};

/* A lesser alert's turns on the glass. */
enum { DIRECTOR_TURNS_MAX = 64 };
struct director_turn {
    struct director_identity who;
    uint64_t last; /* when all its pages had been seen; 0: never */
    size_t page;   /* that comes next */
};

/* What has a part of the glass, or all of it: the programme, the alerts. */
struct director_track {
    enum scene_kind kind; /* SCENE_PLAIN: nothing */
    const struct message *message;
    struct director_identity current;
    struct page_place place;
    size_t page, page_count;
    int position, total;
    size_t candidates; /* that may come in turn; 1: it stands alone */
    uint64_t showing;
    int64_t since_mono_ms;
    int64_t page_end_mono_ms;
    enum transition_kind transition;
};

/* Ordinary panels, and those of an emergency that goes on. */
enum director_group { GROUP_ORDINARY, GROUP_SITUATION, GROUP_COUNT };

struct director {
    struct director_options options;

    struct director_track programme;
    struct director_track alert;
    uint64_t showings; /* counts the pages that came */

    bool interrupted; /* the programme gave way to alerts on the whole glass */
    bool paused;
    int64_t paused_mono_ms;

    struct director_place shown;               /* the panel shown last */
    struct director_place places[GROUP_COUNT]; /* and of each group */
    size_t ordinary_page; /* of its panel, that comes after the situation's */
    int pages_between;    /* ordinary ones since the situation's last */
    struct director_identity farewell;
    bool farewell_known, farewell_told;

    /* Several alerts: the gravest earns time, the others spend it. */
    struct director_identity lead;
    bool lead_known;
    int64_t credit_ms;
    int64_t credited_mono_ms; /* up to here the time was booked */
    struct director_turn turns[DIRECTOR_TURNS_MAX];
    size_t turn_count;
    uint64_t turn_clock;
};

struct director_identity director_identify(const struct message *message);

/* The same panel, or the same alert, of whatever sequence number. */
bool director_is_same_slot(const struct director_identity *a,
                           const struct director_identity *b);
/* The same message. */
bool director_is_same(const struct director_identity *a,
                      const struct director_identity *b);

/* The alerts, or 解除, have the whole glass. */
bool director_alert_is_full(const struct director *director);

/* Puts a page on the track. */
void director_show(struct director *director, struct director_track *track,
                   enum scene_kind kind, const struct message *message,
                   const struct page_place *place, size_t page,
                   const struct moment *now);

/* The page that stands is set anew for another place; its time goes on. */
void director_move(struct director *director, struct director_track *track,
                   const struct page_place *place, const struct moment *now);

int64_t director_dwell_ms(const struct director *director,
                          const struct message *message,
                          const struct page_place *place, size_t page);

/* The page has stood its time. */
bool director_is_due(const struct director *director,
                     const struct director_track *track,
                     const struct moment *now);

/* Index of the track's message in the list, or count. The track then has its
 * present address. */
size_t director_find_current(struct director_track *track,
                             const struct message *const *list, size_t count);

/* Whether the message on the track is this one, of the same number. */
bool director_shows(const struct director_track *track,
                    const struct message *message);

/* One advance of alerts and 解除; then, unless they have the whole glass, of
 * the panels. */
void director_follow_alerts(struct director *director,
                            const struct director_stage *stage,
                            const struct moment *now);
void director_follow_panels(struct director *director,
                            const struct director_stage *stage,
                            const struct moment *now);

#endif
