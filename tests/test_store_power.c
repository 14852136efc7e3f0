/* The power goes: the store's own code writes a random stream of rows,
 * watermarks and sweeps on a disk that loses, reorders, tears and spoils what
 * was not synced. At every cut the store is opened from what is left, and must
 * hold what was committed, or that and the whole of the transaction under way.
 *
 * usage: test_store_power [CUTS [SEED]] */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/disk.h"
#include "tests/support/folder.h"
#include "tests/support/slot_rows.h"

enum {
    CUTS = 1500,
    SLOTS = 24,
    /* The stream itself goes on from what is left of every so many cuts. */
    LIVES_ON = 40,
    /* So that a cut finds transactions small and large. */
    ROWS_PER_COMMIT = 6,
    PAYLOAD_BYTES = 9000,
};

/* What the file should hold: the sequence number of each slot, 0: no row. */
struct image {
    int64_t seqs[SLOTS];
    int64_t watermark_ms;
};

struct run {
    char *folder, *file;         /* of the stream */
    char *cut_folder, *cut_file; /* what a cut left */
    struct store *store;
    struct image committed, next; /* and with the transaction under way */
    int64_t seq;
    uint64_t random;
    long wanted, cuts;
    long lost, partial, refused, as_before, as_after;
    bool looking; /* a cut is being looked at */
    bool opening; /* nothing is under way */
    bool live_on;
};

static int64_t below(struct run *run, int64_t limit)
{
    return (int64_t)(disk_random(&run->random) % (uint64_t)limit);
}

static size_t payload_bytes(int64_t seq)
{
    return seq % 5 == 0 ? PAYLOAD_BYTES : (size_t)(20 + seq % 700);
}

/* Each row's content follows from its number: half a row would be seen. */
static struct slot_row make_row(int slot, int64_t seq, char *payload)
{
    char id[16];

    snprintf(id, sizeof id, "s%d", slot);
    struct slot_row row = slot_rows_make("panel", id, "", seq, seq);
    row.bytes = payload_bytes(seq);
    for (size_t i = 0; i < row.bytes; i++)
        payload[i] = (char)('a' + (seq + (int64_t)i) % 26);
    row.payload = payload;
    return row;
}

struct found {
    struct image image;
    bool torn; /* a row that was never put */
};

static void find_row(void *context, const struct slot_row *row)
{
    static char payload[PAYLOAD_BYTES + 1];
    struct found *found = context;
    const char *id = strrchr(row->topic, '/') + 1;
    int slot = atoi(id + 1);

    if (slot < 0 || slot >= SLOTS) {
        found->torn = true;
        return;
    }
    struct slot_row wanted = make_row(slot, row->seq, payload);
    found->image.seqs[slot] = row->seq;
    if (strcmp(row->topic, wanted.topic) != 0 || row->bytes != wanted.bytes ||
        memcmp(row->payload, wanted.payload, row->bytes) != 0 ||
        row->order_ms != row->seq)
        found->torn = true;
}

static void find_watermark(void *context, enum slot_class class,
                           const struct watermark *watermark)
{
    struct found *found = context;

    if (class == SLOT_PANELS)
        found->image.watermark_ms = watermark->order_ms;
}

static bool is_same(const struct image *a, const struct image *b)
{
    return memcmp(a->seqs, b->seqs, sizeof a->seqs) == 0 &&
           a->watermark_ms == b->watermark_ms;
}

static bool has_lost(const struct run *run, const struct found *found)
{
    for (int i = 0; i < SLOTS; i++)
        if (found->image.seqs[i] < run->committed.seqs[i] &&
            run->next.seqs[i] >= run->committed.seqs[i])
            return true;
    return found->image.watermark_ms < run->committed.watermark_ms;
}

static void judge(struct run *run, const struct found *found)
{
    if (!found->torn && is_same(&found->image, &run->next))
        run->as_after++;
    else if (!found->torn && is_same(&found->image, &run->committed))
        run->as_before++;
    else if (has_lost(run, found))
        run->lost++;
    else
        run->partial++;
}

/* Opens the store from what the cut left. */
static void look(struct run *run, struct found *found)
{
    const struct store_reader reader = {found, find_row, find_watermark};
    struct problem problem = {0};
    struct store *store = NULL;
    bool damaged = false;

    *found = (struct found){.torn = false};
    if (!store_open(run->cut_file, &store, &damaged, &problem) || damaged ||
        !store_load(store, &reader, &problem)) {
        run->refused++;
        fprintf(stderr, "cut %ld: %s\n", run->cuts, problem.expected);
    }
    store_close(store);
}

static void cut(void *context, enum disk_action action)
{
    struct run *run = context;
    struct found found;

    if (run->looking || run->live_on || run->cuts >= run->wanted ||
        (action == DISK_WRITE && below(run, 3) == 0))
        return;
    run->looking = true;
    run->cuts++;
    disk_cut_power(run->cut_folder, &run->random);
    look(run, &found);
    judge(run, &found);
    if (run->cuts % LIVES_ON == 0) {
        /* One cut more, now to go on from. */
        run->live_on = true;
        disk_set_fault(DISK_BROKEN);
    }
    run->looking = false;
}

static bool open_stream(struct run *run)
{
    struct problem problem = {0};
    bool damaged = false;

    if (store_open(run->file, &run->store, &damaged, &problem) && !damaged)
        return true;
    if (!run->live_on)
        fprintf(stderr, "the stream's file: %s\n", problem.expected);
    run->store = NULL;
    return false;
}

static bool put_some(struct run *run)
{
    static char payload[PAYLOAD_BYTES + 1];
    struct problem problem = {0};

    for (int64_t left = 1 + below(run, ROWS_PER_COMMIT); left > 0; left--) {
        int slot = (int)below(run, SLOTS);
        struct slot_row row = make_row(slot, ++run->seq, payload);
        run->next.seqs[slot] = run->seq;
        if (!store_put(run->store, &row, &problem))
            return false;
    }
    return true;
}

static bool knows(void *context, const char *slot)
{
    const struct run *run = context;

    return run->next.seqs[atoi(strrchr(slot, '/') + 2)] != 0;
}

static bool forget_some(struct run *run)
{
    struct problem problem = {0};
    int slot = (int)below(run, SLOTS);

    run->next.seqs[slot] = 0;
    run->next.watermark_ms = ++run->seq;
    const struct watermark watermark = watermark_of("", run->seq);
    return store_put_watermark(run->store, SLOT_PANELS, &watermark, &problem) &&
           store_sweep(run->store, knows, run, &problem);
}

static bool transact(struct run *run)
{
    struct problem problem = {0};

    if (!put_some(run) || (below(run, 4) == 0 && !forget_some(run)) ||
        !store_commit(run->store, &problem))
        return false;
    run->committed = run->next;
    if (below(run, 20) == 0) {
        store_close(run->store);
        return open_stream(run);
    }
    return true;
}

static bool move_cut(struct run *run)
{
    char command[1024];

    snprintf(command, sizeof command, "rm -f '%s'/*; mv '%s'/* '%s'",
             run->folder, run->cut_folder, run->folder);
    return system(command) == 0;
}

/* The power is back: the stream goes on with what the disk has. */
static bool revive(struct run *run)
{
    struct found found;

    disk_set_watch(NULL, NULL);
    disk_set_fault(DISK_WELL);
    store_close(run->store);
    run->store = NULL;
    disk_cut_power(run->cut_folder, &run->random);
    look(run, &found);
    judge(run, &found);
    bool moved = move_cut(run);
    disk_reset();
    run->committed = run->next = found.image;
    run->live_on = false;
    disk_set_watch(cut, run);
    return moved && open_stream(run);
}

static bool stream(struct run *run)
{
    disk_install(run->folder);
    disk_reset();
    disk_set_watch(cut, run);
    bool good = open_stream(run) || run->live_on;
    while (good && run->cuts < run->wanted)
        if (run->live_on || !transact(run))
            good = run->live_on && revive(run);
    disk_set_watch(NULL, NULL);
    store_close(run->store);
    disk_reset();
    return good;
}

int main(int argc, char **argv)
{
    static struct run run;

    run.wanted = argc > 1 ? atol(argv[1]) : CUTS;
    run.random = argc > 2 ? strtoull(argv[2], NULL, 0) | 1 : 20210720;
    run.folder = folder_make();
    run.cut_folder = folder_make();
    run.file = folder_path(run.folder, "store.db");
    run.cut_file = folder_path(run.cut_folder, "store.db");
    bool good = stream(&run);
    printf("%ld power cuts: %ld left the last commit, %ld the one under way;\n"
           "%ld lost something that was committed, %ld left a part of a "
           "transaction, %ld a file that could not be opened\n",
           run.cuts, run.as_before, run.as_after, run.lost, run.partial,
           run.refused);
    folder_remove(run.folder);
    folder_remove(run.cut_folder);
    free(run.folder);
    free(run.cut_folder);
    free(run.file);
    free(run.cut_file);
    return good && run.lost + run.partial + run.refused == 0 ? 0 : 1;
}
