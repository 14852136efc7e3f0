/* Any bodies, signed with a key that the screen trusts: what lies behind the
 * gate. Records are parted by NUL; a digit before a body lets time pass in
 * one way or another, a topic and a line feed before it choose another topic
 * than the body's own. */
#include "tests/fuzz/check.h"
#include "tests/fuzz/keys.h"
#include "tests/fuzz/screen.h"
#include "tests/support/receive.h"

#include "base/timestamp.h"
#include "protocol/envelope.h"

#include <stdlib.h>
#include <string.h>

#define BEGIN_MS INT64_C(1626777000000) /* 2021-07-20T18:30:00+08:00 */
enum { MINUTE_MS = 60000, RECORDS_MOST = 32 };

struct play {
    struct board *board;
    struct moment now;
    bool recalled; /* the next record comes out of the store */
    int worth;     /* of the clock */
};

static void pass(struct play *play, int64_t ms)
{
    play->now.mono_ms += ms;
    play->now.wall_ms += ms;
    if (play->now.floor_ms != TIMESTAMP_NONE)
        play->now.floor_ms += ms;
    fuzz_settle(play->board, &play->now);
    fuzz_check_scene(play->board, &play->now);
}

static void boot(struct play *play)
{
    board_destroy(play->board);
    play->board = fuzz_board();
    play->now.mono_ms = 0;
    pass(play, 0);
}

/* What the clock is worth, in turn. */
static void change_trust(struct play *play)
{
    static const struct {
        bool trusted, confirmed, floor;
    } worth[] = {{true, true, false},
                 {true, false, false},
                 {false, false, false},
                 {false, false, true}};

    play->worth = (play->worth + 1) % (int)(sizeof worth / sizeof worth[0]);
    play->now.wall_trusted = worth[play->worth].trusted;
    play->now.wall_confirmed = worth[play->worth].confirmed;
    play->now.floor_ms = worth[play->worth].floor ? play->now.wall_ms
                                                  : TIMESTAMP_NONE;
}

static void step(struct play *play, char what)
{
    static const int64_t spans_ms[] = {0, 400, 9000, 30 * MINUTE_MS,
                                       26 * 60 * MINUTE_MS};

    play->recalled = what == '9';
    if (what < '5')
        pass(play, spans_ms[what - '0']);
    else if (what == '5')
        play->now.wall_ms -= 24 * 60 * MINUTE_MS;
    else if (what == '6')
        change_trust(play);
    else if (what == '7')
        board_step(play->board, play->now.mono_ms & 1 ? 1 : -1, &play->now);
    else if (what == '8')
        boot(play);
    pass(play, 0);
}

/* The topic that the body asks for, or one that this screen listens to. */
static void choose_topic(const char *body, size_t bytes,
                         char out[LIMIT_TOPIC_BYTES])
{
    struct message *message = NULL;
    struct topic topic;

    strcpy(out, "gaoshi/1/erqi/down/all/alert/a1");
    if (!message_parse(body, bytes, MESSAGE_WIRE, "", &message, NULL))
        return;
    FUZZ_CHECK(message_topic(message, &topic));
    FUZZ_CHECK(topic_format(&topic, out));
    message_destroy(message);
}

static void send(struct play *play, const char *topic, const char *body,
                 size_t bytes)
{
    struct problem problem = {0};
    char *payload = NULL;
    size_t size = 0;
    int64_t received_ms = play->recalled ? play->now.wall_ms - MINUTE_MS
                                         : play->now.wall_ms;

    FUZZ_CHECK(envelope_seal(fuzz_key(), body, bytes, &payload, &size, NULL));
    struct board_intake intake =
        play->recalled ? receive_row(play->board, topic, payload, size,
                                     received_ms, &play->now, &problem)
                       : receive_message(play->board, topic, payload, size,
                                         received_ms, &play->now, &problem);
    fuzz_check_intake(&intake, &problem);
    FUZZ_CHECK(!play->recalled || intake.effect != BOARD_COMMAND);
    free(payload);
}

static void take_record(struct play *play, char *record)
{
    char topic[LIMIT_TOPIC_BYTES];

    play->recalled = false;
    if (record[0] >= '0' && record[0] <= '9')
        step(play, *record++);
    if (record[0] == '\0')
        return;
    char *line = strchr(record, '\n');
    bool addressed = strncmp(record, "gaoshi", 6) == 0 && line;
    if (addressed) {
        *line = '\0';
        send(play, record, line + 1, strlen(line + 1));
    } else {
        choose_topic(record, strlen(record), topic);
        send(play, topic, record, strlen(record));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct play play = {
        .now = {0, BEGIN_MS, true, true, TIMESTAMP_NONE, TIMESTAMP_NONE}};
    char *text = malloc(size + 1);

    FUZZ_CHECK(text);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    boot(&play);
    size_t at = 0;
    for (int i = 0; i < RECORDS_MOST && at < size; i++) {
        size_t bytes = strlen(text + at);
        take_record(&play, text + at);
        fuzz_check_scene(play.board, &play.now);
        at += bytes + 1;
    }
    board_destroy(play.board);
    free(text);
    return 0;
}
