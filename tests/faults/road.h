/* The whole road with one screen, for faults: an operator, a real broker, a
 * line that can be broken, and a real display in a window that the eye looks
 * at. One alert stands all the time, in three wordings that take turns: which
 * one is on the glass tells how new it is. */
#ifndef GAOSHI_TESTS_FAULTS_ROAD_H
#define GAOSHI_TESTS_FAULTS_ROAD_H

#include "tests/faults/eye.h"
#include "tests/support/broker.h"
#include "tests/support/proxy.h"
#include "tests/support/screen.h"
#include "tests/support/signer.h"

enum { ROAD_WORDINGS = 3, ROAD_LIMIT_MS = 30000 };

/* What an undisturbed screen shows. */
struct pictures {
    uint32_t *alert[ROAD_WORDINGS];
    uint32_t *panel;
};

struct road_options {
    const char *broker_host;  /* NULL: 127.0.0.1, through the proxy */
    const char *store_folder; /* NULL: the road's own */
    const char *mqtt_version; /* NULL: 5 */
    const char *dwell;        /* NULL: 300 */
    struct broker_options broker;
};

/* Zeroed is empty. */
struct road {
    struct road_options options;
    struct eye *eye;                 /* borrowed, as the next */
    const struct pictures *pictures; /* NULL while they are being taken */
    struct broker *broker;
    struct proxy *proxy;
    struct signer *signer;
    struct peer *operator;
    char *folder, *store, *config;
    struct screen *screen; /* NULL: none runs */
    double start_ms;       /* from its start to the first frame */
    int64_t seq;           /* of the alert's newest wording; 0: none yet */
};

extern const char road_alert_id[];
extern const char road_panel_id[];

/* Opens everything but the display, and sends the panel. False: failed;
 * road_close all the same. */
bool road_open(struct road *road, struct eye *eye,
               const struct pictures *pictures,
               const struct road_options *options);
/* False: the display ended badly. */
bool road_close(struct road *road);

/* Starts the display, the eye is awake; road_start_display also waits for its
 * first frame. */
bool road_launch_display(struct road *road);
bool road_start_display(struct road *road);
bool road_stop_display(struct road *road);
bool road_kill_display(struct road *road);

/* The wording of a sequence number, for messages of the caller's own; static
 * memory. level: "orange"; "red" is what must never be seen. */
const char *road_wording(int64_t seq, const char *level);

/* Sends the alert in its next wording and waits for the broker's answer: by
 * the standing operator, or by one who connects for it. */
bool road_update(struct road *road);
bool road_update_anew(struct road *road);

/* Another operator in the place of the first, who forgets what was said. */
bool road_change_operator(struct road *road);

/* The newest wording stands on the glass, every pixel of it. */
bool road_stands(const struct road *road);

/* Waits until it does: milliseconds since from_ms, negative: it never did. */
double road_wait(const struct road *road, double from_ms);

/* The pictures, from a road of their own. pictures_finish also after a
 * failure. */
bool pictures_take(struct pictures *pictures, struct eye *eye);
void pictures_finish(struct pictures *pictures);

#endif
