/* The whole road on one machine: a real broker, an operator with a key, and a
 * screen of theirs without a window. */
#ifndef GAOSHI_TESTS_SUPPORT_ROAD_H
#define GAOSHI_TESTS_SUPPORT_ROAD_H

#include "tests/support/broker.h"
#include "tests/support/screen.h"
#include "tests/support/signer.h"

struct road {
    struct broker *broker;
    struct peer *peer;
    struct signer *signer;
    char *folder;
    char *store;
};

/* For cmocka_unit_test_setup_teardown. */
int road_open(void **state);
int road_close(void **state);

/* flag and value: more words for the display, or NULL. */
struct screen *road_start(const struct road *road, const char *flag,
                          const char *value);

/* content: the object of the kind. Alerts expire in an hour. */
void road_push(struct road *road, const char *kind, const char *id, int64_t seq,
               const char *content);
void road_push_panel(struct road *road, const char *id, int64_t seq);

/* A message that holds the text comes to the operator; *next counts those
 * that were looked at. */
bool road_hears(struct peer *peer, size_t *next, const char *text);

/* An exercise that leaves the lower part of the glass to the programme. */
extern const char road_yellow_drill[];

#endif
