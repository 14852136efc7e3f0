/* The table of receipts: one row for each message and screen. */
#include "publisher/outbox/kept_receipts.h"

#include "base/sqlite.h"
#include "base/timestamp.h"
#include "protocol/topic.h"

#include <string.h>

/* How much a receipt tells: of two the greater stays. As in the column rank. */
enum { RANK_REFUSED = 1, RANK_VERIFIED, RANK_SHOWN };

static int rank_of(enum receipt_event event)
{
    static const int ranks[RECEIPT_COUNT] = {
        [RECEIPT_REFUSED] = RANK_REFUSED,
        [RECEIPT_VERIFIED] = RANK_VERIFIED,
        [RECEIPT_SHOWN] = RANK_SHOWN,
        [RECEIPT_ENDED] = RANK_VERIFIED,
    };

    return ranks[event];
}

/* The topic of a message ends with its id. */
static bool is_of(const char *topic, const char *org, const char *id)
{
    struct topic parts;

    return topic && topic_parse(topic, &parts) &&
           (parts.kind == TOPIC_PANEL || parts.kind == TOPIC_ALERT) &&
           strcmp(parts.org, org) == 0 && strcmp(parts.id, id) == 0;
}

/* *seq stays 0 if no message has this number and id. */
static bool find_by_number(struct kept_receipts *kept,
                           const struct receipt *receipt, int64_t *seq,
                           struct problem *problem)
{
    bool row = false;

    if (!kept->find &&
        !sqlite_prepare(kept->file, "SELECT topic FROM message WHERE seq = ?1",
                        &kept->find, problem))
        return false;
    sqlite3_bind_int64(kept->find, 1, receipt->seq);
    bool read = sqlite_step(kept->file, kept->find, &row, problem);
    if (row && is_of((const char *)sqlite3_column_text(kept->find, 0),
                     kept->org, receipt->message))
        *seq = receipt->seq;
    sqlite3_reset(kept->find);
    return read;
}

struct digest_search {
    const char *org;
    const struct receipt *receipt;
    int64_t seq;
};

static bool compare_digest(void *context, sqlite3_stmt *row)
{
    struct digest_search *search = context;
    char digest[ENVELOPE_DIGEST_BYTES + 1];

    if (!is_of((const char *)sqlite3_column_text(row, 1), search->org,
               search->receipt->message))
        return true;
    envelope_digest(sqlite3_column_blob(row, 2),
                    (size_t)sqlite3_column_bytes(row, 2), digest);
    if (strcmp(digest, search->receipt->digest) == 0)
        search->seq = sqlite3_column_int64(row, 0);
    return true;
}

static bool find_by_digest(const struct kept_receipts *kept,
                           const struct receipt *receipt, int64_t *seq,
                           struct problem *problem)
{
    struct digest_search search = {kept->org, receipt, 0};
    sqlite3_stmt *statement = NULL;

    if (!receipt->digest[0])
        return true;
    if (!sqlite_prepare(kept->file,
                        "SELECT seq, topic, payload FROM message"
                        " WHERE org = ?1 AND topic LIKE '%/' || ?2",
                        &statement, problem))
        return false;
    sqlite_bind_text(statement, 1, kept->org);
    sqlite_bind_text(statement, 2, receipt->message);
    bool read = sqlite_each(kept->file, statement, compare_digest, &search,
                            problem);
    *seq = search.seq;
    return read;
}

static bool prepare_keep(struct kept_receipts *kept, struct problem *problem)
{
    return kept->keep ||
           sqlite_prepare(
               kept->file,
               "INSERT INTO receipt SELECT ?1, ?2, ?3, ?4, ?5, ?6"
               " WHERE EXISTS (SELECT 1 FROM receipt WHERE seq = ?1 AND"
               " screen = ?2)"
               " OR ?7 > coalesce((SELECT screens FROM receipt_count"
               " WHERE seq = ?1), 0)"
               " ON CONFLICT (seq, screen) DO UPDATE SET rank = excluded.rank,"
               " at_ms = excluded.at_ms, reason = excluded.reason,"
               " text = excluded.text WHERE excluded.rank > rank",
               &kept->keep, problem);
}

static bool keep(struct kept_receipts *kept, int64_t seq,
                 const struct receipt *receipt, struct problem *problem)
{
    sqlite3_stmt *statement;

    if (!prepare_keep(kept, problem))
        return false;
    statement = kept->keep;
    sqlite3_clear_bindings(statement);
    sqlite3_bind_int64(statement, 1, seq);
    sqlite_bind_text(statement, 2, receipt->screen);
    sqlite3_bind_int(statement, 3, rank_of(receipt->event));
    if (receipt->at_ms != TIMESTAMP_NONE)
        sqlite3_bind_int64(statement, 4, receipt->at_ms);
    sqlite_bind_text(statement, 5, receipt->reason);
    sqlite_bind_text(statement, 6, receipt->text);
    sqlite3_bind_int(statement, 7, KEPT_RECEIPTS_SCREENS);
    bool done = sqlite3_step(statement) == SQLITE_DONE ||
                sqlite_fail(kept->file, "cannot be written", problem);
    sqlite3_reset(statement);
    return done;
}

void kept_receipts_begin(struct kept_receipts *kept,
                         const struct sqlite_file *file, const char *org)
{
    *kept = (struct kept_receipts){.file = file, .org = org};
}

bool kept_receipts_add(struct kept_receipts *kept,
                       const struct receipt *receipt, struct problem *problem)
{
    int64_t seq = 0;
    bool found = receipt->seq > 0
                     ? find_by_number(kept, receipt, &seq, problem)
                     : find_by_digest(kept, receipt, &seq, problem);

    return found && (seq == 0 || keep(kept, seq, receipt, problem));
}

void kept_receipts_end(struct kept_receipts *kept)
{
    sqlite3_finalize(kept->find);
    sqlite3_finalize(kept->keep);
    kept->find = kept->keep = NULL;
}

struct walk {
    bool (*each)(void *context, const struct kept_receipt *receipt);
    void *context;
};

static bool hand_over(void *context, sqlite3_stmt *row)
{
    const struct walk *walk = context;
    int rank = sqlite3_column_int(row, 1);
    const struct kept_receipt receipt = {
        .screen = (const char *)sqlite3_column_text(row, 0),
        .event = rank == RANK_SHOWN      ? RECEIPT_SHOWN
                 : rank == RANK_VERIFIED ? RECEIPT_VERIFIED
                                         : RECEIPT_REFUSED,
        .at_ms = sqlite3_column_type(row, 2) == SQLITE_NULL
                     ? TIMESTAMP_NONE
                     : sqlite3_column_int64(row, 2),
        .reason = (const char *)sqlite3_column_text(row, 3),
        .text = (const char *)sqlite3_column_text(row, 4),
    };

    return walk->each(walk->context, &receipt);
}

bool kept_receipts_each(const struct sqlite_file *file, int64_t seq,
                        bool (*each)(void *context,
                                     const struct kept_receipt *receipt),
                        void *context, struct problem *problem)
{
    struct walk walk = {each, context};
    sqlite3_stmt *statement = NULL;

    if (!sqlite_prepare(file,
                        "SELECT screen, rank, at_ms, reason, text FROM receipt"
                        " WHERE seq = ?1 ORDER BY screen",
                        &statement, problem))
        return false;
    sqlite3_bind_int64(statement, 1, seq);
    return sqlite_each(file, statement, hand_over, &walk, problem);
}

bool kept_receipts_prune(const struct sqlite_file *file,
                         struct problem *problem)
{
    return sqlite_execute(file,
                          "DELETE FROM receipt WHERE seq NOT IN"
                          " (SELECT seq FROM message);"
                          "DELETE FROM receipt_count WHERE seq NOT IN"
                          " (SELECT seq FROM message)",
                          problem);
}
