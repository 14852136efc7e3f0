/* What is shown now: the programme's page and the alerts' page, each with its
 * begin and its duration. Pure. */
#ifndef GAOSHI_DISPLAY_TRACKS_H
#define GAOSHI_DISPLAY_TRACKS_H

#include "display/core/board/director.h"

/* Identifies a message whose memory may be gone. */
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
    enum scene_kind kind; /* SCENE_PLAIN: nothing is shown */
    const struct message *message;
    struct message_identity current;
    struct page_place place;
    size_t page, page_count;
    int position, total;
    size_t candidates; /* number of pages that take turns; 1: this one alone */
    uint64_t showing;
    int64_t since_mono_ms;
    int64_t page_end_mono_ms;
    int64_t booked_mono_ms; /* time up to which alert_turns has counted this
                               page; a new page begins anew */
    enum transition_kind transition;
};

/* tracks_init, no finish. */
struct tracks {
    struct director_options options;
    struct track programme;
    struct track alert; /* alerts and 解除 */
    uint64_t showings;  /* counts pages shown */
    bool interrupted;   /* alerts took the whole glass from the programme */
    bool paused;
    int64_t paused_mono_ms;
};

void tracks_init(struct tracks *tracks, const struct director_options *options);

/* Whether the alerts or 解除 have the whole glass. */
bool tracks_alert_is_full(const struct tracks *tracks);

/* Puts a page on the track. */
void tracks_show(struct tracks *tracks, struct track *track,
                 enum scene_kind kind, const struct message *message,
                 const struct page_place *place, size_t page,
                 const struct moment *now);

/* Sets the shown page for another place; its time goes on. */
void tracks_move(struct tracks *tracks, struct track *track,
                 const struct page_place *place, const struct moment *now);

int64_t tracks_dwell_ms(const struct tracks *tracks,
                        const struct message *message,
                        const struct page_place *place, size_t page);

/* Whether the page was shown for its time. */
bool tracks_is_due(const struct tracks *tracks, const struct track *track,
                   const struct moment *now);

/* Index of the track's message in the list, or count. The track then gets its
 * present address. */
size_t track_find_current(struct track *track,
                          const struct message *const *list, size_t count);

/* Whether the message on the track is this one, of the same number. */
bool track_shows(const struct track *track, const struct message *message);

/* Whether nothing else follows: the page stays and is at rest. */
bool track_stands_alone(const struct track *track);

/* See director_scene and director_pause. */
struct scene tracks_scene(const struct tracks *tracks,
                          const struct moment *now);
/* See director_seek. */
void tracks_seek(const struct tracks *tracks, struct track *track,
                 int64_t delta_ms, const struct moment *now);
void tracks_pause(struct tracks *tracks, bool paused, const struct moment *now);

#endif
