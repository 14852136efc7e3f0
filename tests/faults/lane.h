/* A lane: the whole road with one screen, for faults: an operator, a real
 * broker, a line that can be broken, and a real display in a window that the
 * eye looks at. One alert stands all the time, in three wordings that take
 * turns: which one is on the glass tells how new it is. */
#ifndef GAOSHI_TESTS_FAULTS_LANE_H
#define GAOSHI_TESTS_FAULTS_LANE_H

#include "tests/faults/eye.h"
#include "tests/support/mutual.h"
#include "tests/support/proxy.h"
#include "tests/support/screen.h"
#include "tests/support/signer.h"

enum { LANE_WORDINGS = 3, LANE_LIMIT_MS = 30000 };

/* What an undisturbed screen shows. */
struct pictures {
    uint32_t *alert[LANE_WORDINGS];
    uint32_t *panel;
};

struct lane_options {
    const char *broker_host;  /* NULL: this machine, through the proxy */
    const char *store_folder; /* NULL: the lane's own */
    const char *mqtt_version; /* NULL: 5 */
    const char *dwell;        /* NULL: 300 */
    bool secure;              /* display and operator speak mutual TLS */
    struct broker_options broker;
};

/* Zeroed is empty. */
struct lane {
    struct lane_options options;
    struct eye *eye;                 /* borrowed, as the next */
    const struct pictures *pictures; /* NULL while they are being taken */
    struct mutual mutual;            /* of a secure lane */
    struct broker *broker;
    struct proxy *proxy;
    char url[MUTUAL_URL_BYTES]; /* of the proxy */
    struct signer *signer;
    struct peer *operator;
    char *folder, *store, *config;
    struct screen *screen; /* NULL: none runs */
    double start_ms;       /* from its start to the first frame */
    int64_t seq;           /* of the alert's newest wording; 0: none yet */
};

extern const char lane_alert_id[];
extern const char lane_panel_id[];

/* Opens everything but the display, and sends the panel. False: failed;
 * lane_close all the same. */
bool lane_open(struct lane *lane, struct eye *eye,
               const struct pictures *pictures,
               const struct lane_options *options);
/* False: the display ended badly. */
bool lane_close(struct lane *lane);

/* Starts the display, the eye is awake; lane_start_display also waits for its
 * first frame. */
bool lane_launch_display(struct lane *lane);
bool lane_start_display(struct lane *lane);
bool lane_stop_display(struct lane *lane);
bool lane_kill_display(struct lane *lane);

/* The wording of a sequence number, for messages of the caller's own; static
 * memory. level: "orange"; "red" is what must never be seen. */
const char *lane_wording(int64_t seq, const char *level);

/* Sends the alert in its next wording and waits for the broker's answer: by
 * the standing operator, or by one who connects for it. */
bool lane_update(struct lane *lane);
bool lane_update_anew(struct lane *lane);

/* Another operator in the place of the first, who forgets what was said. */
bool lane_change_operator(struct lane *lane);

/* The newest wording stands on the glass; in the margin below it may be told
 * that the news is old. */
bool lane_stands(const struct lane *lane);

/* Waits until it stands and every pixel is as without a fault: milliseconds
 * since from_ms, negative: it never did. */
double lane_wait(const struct lane *lane, double from_ms);

/* Waits until the display told that it has the newest wording: then it is on
 * its disk, if it has one. */
bool lane_wait_verified(const struct lane *lane);

/* The pictures, from a lane of their own. pictures_finish also after a
 * failure. */
bool pictures_take(struct pictures *pictures, struct eye *eye);
void pictures_finish(struct pictures *pictures);

#endif
