/* The director's inside, shared by its three files; nobody else includes it. */
#ifndef GAOSHI_DISPLAY_DIRECTOR_STATE_H
#define GAOSHI_DISPLAY_DIRECTOR_STATE_H

#include "display/core/director.h"

/* Which message is meant, when its memory may be gone. */
struct director_identity {
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    char scope[SCOPE_BYTES];
    enum alert_status status; /* of alerts */
    int64_t seq;
};

/* Where a panel stands in the programme, when it may be gone. */
struct director_place {
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

struct director {
    struct director_options options;

    enum scene_kind kind;
    const struct message *message;
    struct director_identity current;
    size_t page, page_count;
    int position, total;
    uint64_t showing;
    int64_t since_mono_ms;
    int64_t page_end_mono_ms;
    enum transition_kind transition;

    bool paused;
    int64_t paused_mono_ms;

    struct director_place place; /* of the panel shown last */
    bool place_known;

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

/* Puts a page on the glass. */
void director_show(struct director *director, enum scene_kind kind,
                   const struct message *message, size_t page,
                   const struct moment *now);
int64_t director_dwell_ms(const struct director *director,
                          const struct message *message, size_t page);

/* The page has stood its time. */
bool director_is_due(const struct director *director, const struct moment *now);

/* Index of the message on the glass in the list, or count. The director then
 * knows its present address and position. */
size_t director_find_current(struct director *director,
                             const struct message *const *list, size_t count);

/* One advance while panels, or alerts, have the glass. */
void director_follow_panels(struct director *director,
                            const struct director_stage *stage,
                            const struct moment *now);
void director_follow_alerts(struct director *director,
                            const struct director_stage *stage,
                            const struct moment *now);

#endif
