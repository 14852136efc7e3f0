/* Any bytes as the store's file after a power cut or another's hand: it
 * opens, or is moved aside and begun anew; its rows are judged as if they had
 * just arrived; what is put afterwards is there at the next start. */
#include "tests/fuzz/check.h"
#include "tests/fuzz/screen.h"
#include "tests/support/receive.h"

#include "base/timestamp.h"
#include "display/edge/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char topic[] = "gaoshi/1/erqi/down/all/panel/fuzz";
static const char payload[] = "what was put";

struct replay {
    struct board *board;
    struct moment now;
    bool found; /* the row that was put */
};

static void replay_row(void *context, const struct slot_row *row)
{
    struct replay *replay = context;
    struct problem problem = {0};
    struct board_intake intake =
        receive_row(replay->board, row->topic, row->payload, row->bytes,
                    row->received_ms, &replay->now, &problem);

    fuzz_check_intake(&intake, &problem);
    if (strcmp(row->topic, topic) == 0 && row->bytes == sizeof payload)
        replay->found = memcmp(row->payload, payload, row->bytes) == 0;
}

static void replay_watermark(void *context, enum slot_class class,
                             const struct watermark *watermark)
{
    struct replay *replay = context;

    board_raise_watermark(replay->board, class, watermark);
}

static bool load(struct store *store)
{
    struct replay replay = {.board = fuzz_board(),
                            .now = {0, INT64_C(1626777000000), true, true,
                                    TIMESTAMP_NONE, TIMESTAMP_NONE}};
    const struct store_reader reader = {&replay, replay_row, replay_watermark};
    struct problem problem = {0};

    if (!store_load(store, &reader, &problem))
        fuzz_check_problem(&problem);
    fuzz_check_scene(replay.board, &replay.now);
    board_destroy(replay.board);
    return replay.found;
}

static void rescue(const char *file)
{
    struct replay replay = {.board = fuzz_board(),
                            .now = {0, INT64_C(1626777000000), true, true,
                                    TIMESTAMP_NONE, TIMESTAMP_NONE}};
    const struct store_reader reader = {&replay, replay_row, replay_watermark};

    store_rescue(file, &reader);
    fuzz_check_scene(replay.board, &replay.now);
    board_destroy(replay.board);
}

static struct store *open_store(const char *file, bool *damaged)
{
    struct problem problem = {0};
    struct store *store = NULL;

    *damaged = false;
    if (store_open(file, &store, damaged, &problem))
        return store;
    FUZZ_CHECK(store == NULL);
    fuzz_check_problem(&problem);
    return NULL;
}

static bool put(struct store *store)
{
    const struct slot_row row = {
        .slot = "panel/all/fuzz",
        .topic = topic,
        .payload = payload,
        .bytes = sizeof payload,
        .seq = 7,
    };
    struct problem problem = {0};

    if (store_put(store, &row, &problem) && store_commit(store, &problem))
        return true;
    fuzz_check_problem(&problem);
    return false;
}

static void check_store(const char *file)
{
    bool damaged;

    rescue(file);
    struct store *store = open_store(file, &damaged);
    if (!store)
        return;
    bool found = load(store);
    bool kept = put(store);
    FUZZ_CHECK(kept || !damaged);
    store_close(store);
    store = open_store(file, &damaged);
    if (kept) {
        FUZZ_CHECK(store && !damaged);
        found = load(store);
        FUZZ_CHECK(found);
    }
    store_close(store);
}

static void clean(const char *file)
{
    static const char *const tails[] = {
        "",         "-wal",         "-shm",        "-journal",
        ".damaged", ".damaged-wal", ".damaged-shm"};
    char path[256];

    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        snprintf(path, sizeof path, "%s%s", file, tails[i]);
        unlink(path);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *folder = getenv("TMPDIR");
    char file[128];

    snprintf(file, sizeof file, "%.90s/gaoshi-fuzz-%d.db",
             folder ? folder : "/tmp", (int)getpid());
    clean(file);
    FILE *out = fopen(file, "we");
    FUZZ_CHECK(out);
    FUZZ_CHECK(fwrite(data, 1, size, out) == size);
    FUZZ_CHECK(fclose(out) == 0);
    check_store(file);
    clean(file);
    return 0;
}
