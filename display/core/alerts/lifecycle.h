/* The life of alerts: what is in force, what is over and why. Rules and
 * diagram: docs/alerts.md. What is shown follows from the newest message of
 * each alert and from time, not from the order in which messages came. Pure. */
#ifndef GAOSHI_DISPLAY_LIFECYCLE_H
#define GAOSHI_DISPLAY_LIFECYCLE_H

#include "display/core/validation/board_terms.h"
#include "display/core/validation/slot_table.h"
#include "display/core/validation/trust.h"

enum {
    /* Alerts that may still come to the glass. When more come, the least
     * grave gives way. */
    LIFECYCLE_ALERTS_MAX = 64,
    /* Alerts and cancels in quarantine. When more come, what has longest to
     * wait gives way. */
    LIFECYCLE_HELD_MAX = 64,
    /* Alerts and cancels remembered, most of them over. When more come, the
     * oldest that is over is forgotten, of the key that has the most, and from
     * then on nothing older than that is believed. */
    LIFECYCLE_RECORDS_MAX = 512,
};

struct lifecycle_options {
    bool show_exercises;
    bool show_tests;
    int64_t clear_ms; /* how long 解除 stands */
    /* Who may speak of whose alerts; borrowed, asked at every change. */
    struct trust trust;
};

struct lifecycle;

struct lifecycle *lifecycle_create(const struct lifecycle_options *options);
void lifecycle_destroy(struct lifecycle *lifecycle); /* NULL: nothing */

/* Takes an alert or an alert-cancel that the table of slots does not know as
 * old. The message is the lifecycle's in any case. What was listed before may
 * be gone: lifecycle_advance before the next list.
 *
 * What goes into quarantine is not known yet: its number must not make the
 * table refuse what is believed. When it comes over the line again while the
 * clock is not trusted, it is believed after all. */
struct board_taken
lifecycle_take(struct lifecycle *lifecycle, struct message *message,
               const struct arrival *arrival, const struct moment *now,
               struct board_ended_queue *ended, struct problem *problem);

/* Forgets every alert and cancel whose key is not believed any more, as if it
 * had never come, and returns how many of them were in force. What had ended
 * because of them is forgotten too, here and in the table of slots, so that it
 * is judged anew when it comes again. An end that was only brought forward by a
 * wrong word about the time is undone only while the clock is trusted. */
size_t lifecycle_distrust(struct lifecycle *lifecycle, struct slot_table *slots,
                          const struct trust *trust, const struct moment *now,
                          struct board_ended_queue *ended);

/* An alert or cancel of this order (sent or issued, the earlier) was forgotten
 * elsewhere: nothing as old is believed any more. */
void lifecycle_raise_watermark(struct lifecycle *lifecycle,
                               const struct watermark *watermark);

/* Whether the message of this slot and number is in force, waits for its time
 * or is in quarantine. */
bool lifecycle_holds(const struct lifecycle *lifecycle, const char *slot,
                     int64_t seq);

/* Lets alerts begin and end. */
void lifecycle_advance(struct lifecycle *lifecycle, const struct moment *now,
                       struct board_ended_queue *ended);

/* Alerts in force, gravest first; drills only when nothing actual is in force.
 * Valid until the next take or advance. */
const struct message *const *lifecycle_list(const struct lifecycle *lifecycle,
                                            size_t *count);

/* The cancel that stands as 解除, or NULL. Valid until the next take or
 * advance.
 */
const struct message *lifecycle_clear(const struct lifecycle *lifecycle);

/* The level of the gravest alert that it ended: 解除 stands in the place of
 * that alert. */
enum alert_level lifecycle_clear_level(const struct lifecycle *lifecycle);

/* Says that the listed alert has been on the glass: only then a cancel is
 * told as 解除. */
void lifecycle_mark_shown(struct lifecycle *lifecycle,
                          const struct message *message);

/* Monotonic moment at which something changes by itself, or INT64_MAX. */
int64_t lifecycle_next_ms(const struct lifecycle *lifecycle,
                          const struct moment *now);

/* The slot of an alert or cancel in the table of slots: "alert/ID/KEY",
 * "exercise/…" or "test/…", over all scopes. Each key has slots of its own, so
 * that none can run ahead of another, and so have drills, so that none ever
 * stands in the way of an actual alert. */
enum {
    LIFECYCLE_SLOT_BYTES = LIMIT_IDENTIFIER_BYTES + LIMIT_KEY_ID_BYTES + 16
};
void lifecycle_slot(enum alert_status status, const char *id,
                    const char *key_id, char out[LIFECYCLE_SLOT_BYTES]);

/* The highest sequence number of the id that is here, in quarantine too, of
 * keys that could have sent it to the scope; 0: none is remembered. */
int64_t lifecycle_sequence(const struct lifecycle *lifecycle, const char *id,
                           const char *scope);

#endif
