/* What stands on the glass now: the programme's page and the alerts' page, each
 * since when and for how long. Pure. */
#ifndef GAOSHI_DISPLAY_TRACKS_H
#define GAOSHI_DISPLAY_TRACKS_H

#include "display/core/board/director.h"

/* Says which message is meant when its memory may be gone. */
struct message_identity {
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    char scope[SCOPE_BYTES];
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    enum alert_status status; /* of alerts */
    int64_t seq;
};

struct message_identity identity_of(const struct message *message);

/* The same message. */
bool identity_is_same(const struct message_identity *a,
                      const struct message_identity *b);

struct track {
    enum scene_kind kind; /* SCENE_PLAIN: nothing stands */
    const struct message *message;
    struct message_identity current;
    struct page_place place;
    size_t page, page_count;
    int position, total;
    size_t candidates; /* that may come in turn; 1: it stands alone */
    uint64_t showing;
    int64_t since_mono_ms;
    int64_t page_end_mono_ms;
    int64_t booked_mono_ms; /* for whoever books the time: up to here it was
                               booked; the page that comes begins anew */
    enum transition_kind transition;
};

/* tracks_init, no finish. */
struct tracks {
    struct director_options options;
    struct track programme;
    struct track alert; /* alerts and 解除 */
    uint64_t showings;  /* counts the pages that came */
    bool interrupted; /* the programme gave way to alerts on the whole glass */
    bool paused;
    int64_t paused_mono_ms;
};

void tracks_init(struct tracks *tracks, const struct director_options *options);

/* The alerts, or 解除, have the whole glass. */
bool tracks_alert_is_full(const struct tracks *tracks);

/* Puts a page on the track. */
void tracks_show(struct tracks *tracks, struct track *track,
                 enum scene_kind kind, const struct message *message,
                 const struct page_place *place, size_t page,
                 const struct moment *now);

/* Sets the page that stands for another place; its time goes on. */
void tracks_move(struct tracks *tracks, struct track *track,
                 const struct page_place *place, const struct moment *now);

int64_t tracks_dwell_ms(const struct tracks *tracks,
                        const struct message *message,
                        const struct page_place *place, size_t page);

/* The page has stood its time. */
bool tracks_is_due(const struct tracks *tracks, const struct track *track,
                   const struct moment *now);

/* Index of the track's message in the list, or count. The track then has its
 * present address. */
size_t track_find_current(struct track *track,
                          const struct message *const *list, size_t count);

/* Whether the message on the track is this one, of the same number. */
bool track_shows(const struct track *track, const struct message *message);

/* Nothing else is to come: the page stays, at rest. */
bool track_stands_alone(const struct track *track);

/* As director_scene and director_pause. */
struct scene tracks_scene(const struct tracks *tracks,
                          const struct moment *now);
void tracks_pause(struct tracks *tracks, bool paused, const struct moment *now);

#endif
