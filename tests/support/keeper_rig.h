/* A keeper with a judge that believes everything, on the disk for tests. */
#ifndef GAOSHI_TESTS_SUPPORT_KEEPER_RIG_H
#define GAOSHI_TESTS_SUPPORT_KEEPER_RIG_H

#include "display/edge/store/keeper.h"
#include "tests/support/disk.h"
#include "tests/support/slot_rows.h"

struct keeper_rig {
    char *folder;
    char *file;
    struct slot_table *slots;
    struct keeper *keeper;
    struct moment now;
    int recalled; /* rows that were given to the judge */
    int64_t watermark_ms;
};

/* For cmocka_unit_test_setup_teardown; the keeper does not run yet. */
int keeper_rig_open(void **state);
int keeper_rig_close(void **state);

void keeper_rig_start(struct keeper_rig *rig);
void keeper_rig_stop(struct keeper_rig *rig);

/* order_ms is seq. */
void keeper_rig_put(struct keeper_rig *rig, const char *kind, const char *id,
                    const char *payload, int64_t seq, unsigned urgency);

/* Time goes on; what a turn of the loop does around its frame. */
void keeper_rig_turn(struct keeper_rig *rig, int64_t later_ms);

struct slot_rows_loaded keeper_rig_on_disk(const struct keeper_rig *rig);

#endif
