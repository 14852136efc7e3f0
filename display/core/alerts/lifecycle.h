/* The lifecycle of alerts: which are in force, which are over and why.
 * docs/alerts.md has the rules and the diagram. The result depends on the
 * newest message of each alert and on time, not on the order of arrival. Pure.
 */
#ifndef GAOSHI_DISPLAY_LIFECYCLE_H
#define GAOSHI_DISPLAY_LIFECYCLE_H

#include "display/core/validation/board_terms.h"
#include "display/core/validation/slot_table.h"
#include "display/core/validation/trust.h"

enum {
    /* Alerts that are or may be shown. If there are more, the least grave is
     * displaced. */
    LIFECYCLE_ALERTS_MAX = 64,
    /* Alerts and cancels in quarantine. If there are more, the one that waits
     * longest is dropped. */
    LIFECYCLE_HELD_MAX = 64,
    /* Records of alerts and cancels, most of them over. If there are more, the
     * oldest one that is over is forgotten, of the key that has the most, and
     * from then on nothing older is accepted. */
    LIFECYCLE_RECORDS_MAX = 512,
};

struct lifecycle_options {
    bool show_exercises;
    bool show_tests;
    int64_t clear_ms; /* how long 解除 is shown */
    /* Which key may affect which alerts; borrowed, and asked at every change.
     */
    struct trust trust;
};

struct lifecycle;

struct lifecycle *lifecycle_create(const struct lifecycle_options *options);
void lifecycle_destroy(struct lifecycle *lifecycle); /* NULL: nothing */

/* Takes an alert or an alert-cancel that is new for the table of slots. The
 * lifecycle owns the message in any case. Messages listed before may be gone:
 * call lifecycle_advance before the next list. A message in quarantine is not
 * reported as known, so that its number does not make the table refuse accepted
 * messages. If it arrives live again while the clock is not trusted, it is
 * accepted after all. */
struct board_taken
lifecycle_take(struct lifecycle *lifecycle, struct message *message,
               const struct arrival *arrival, const struct moment *now,
               struct board_ended_queue *ended, struct problem *problem);

/* Forgets every alert and cancel whose key is no longer trusted, as if it had
 * never arrived, and returns how many alerts in force were among them. Alerts
 * that had ended because of them are forgotten too, here and in the table of
 * slots, so that they are decided anew when they arrive again. If an end only
 * came early because of a wrong signed time, it is undone only while the clock
 * is trusted. */
size_t lifecycle_distrust(struct lifecycle *lifecycle, struct slot_table *slots,
                          const struct trust *trust, const struct moment *now,
                          struct board_ended_queue *ended);

/* A record of this order (the earlier of sent and issued) was forgotten
 * elsewhere: nothing as old is accepted any more. */
void lifecycle_raise_watermark(struct lifecycle *lifecycle,
                               const struct watermark *watermark);

/* Whether the message with this slot and number is in force, waits for its time
 * or is in quarantine. */
bool lifecycle_holds(const struct lifecycle *lifecycle, const char *slot,
                     int64_t seq);

/* Begins and ends alerts as time passes. */
void lifecycle_advance(struct lifecycle *lifecycle, const struct moment *now,
                       struct board_ended_queue *ended);

/* The alerts in force, the gravest first; drills only if no actual alert is in
 * force. Valid until the next take or advance. */
const struct message *const *lifecycle_list(const struct lifecycle *lifecycle,
                                            size_t *count);

/* The cancel that is shown as 解除, or NULL. Valid until the next take or
 * advance. */
const struct message *lifecycle_clear(const struct lifecycle *lifecycle);

/* The level of the gravest alert that it ended; 解除 takes the place of that
 * alert. */
enum alert_level lifecycle_clear_level(const struct lifecycle *lifecycle);

/* The listed alert was shown. Only then its cancel is shown as 解除. */
void lifecycle_mark_shown(struct lifecycle *lifecycle,
                          const struct message *message);

/* The monotonic time at which something changes by itself, or INT64_MAX. */
int64_t lifecycle_next_ms(const struct lifecycle *lifecycle,
                          const struct moment *now);

/* The slot of an alert or cancel in the table of slots: "alert/ID/KEY",
 * "exercise/…" or "test/…", for all scopes together. Each key has its own
 * slots, so that no key can block another with a high number. Drills have their
 * own slots, so that they never block an actual alert. */
enum {
    LIFECYCLE_SLOT_BYTES = LIMIT_IDENTIFIER_BYTES + LIMIT_KEY_ID_BYTES + 16
};
void lifecycle_slot(enum alert_status status, const char *id,
                    const char *key_id, char out[LIFECYCLE_SLOT_BYTES]);

/* The highest sequence number of the id among the records, also those in
 * quarantine, of keys that could have sent it to the scope; 0: none is
 * remembered. */
int64_t lifecycle_sequence(const struct lifecycle *lifecycle, const char *id,
                           const char *scope);

#endif
