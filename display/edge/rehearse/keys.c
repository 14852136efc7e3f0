/* What each key of a rehearsal does. */
#include "display/edge/rehearse/keys.h"

#include <stddef.h>

#include "protocol/alert.h"

enum { SEEK_MS = 250, DAY_HOURS = 24 };

const struct rehearsal_key rehearsal_keys[] = {
    {'?', true, false, ACTION_HELP, 0, "?, H, F1", "show or hide these keys"},
    {'?', false, false, ACTION_HELP, 0, NULL, NULL},
    {'h', false, false, ACTION_HELP, 0, NULL, NULL},
    {WINDOW_KEY_HELP, false, false, ACTION_HELP, 0, NULL, NULL},
    {' ', false, false, ACTION_PAUSE, 0, "Space", "pause, and go on"},
    {'.', false, true, ACTION_FRAME, 0, ".", "one frame on, and pause"},
    {WINDOW_KEY_LEFT, false, false, ACTION_PAGE, -1, "Left, Right",
     "the page before, the next page"},
    {WINDOW_KEY_RIGHT, false, false, ACTION_PAGE, 1, NULL, NULL},
    {WINDOW_KEY_LEFT, true, true, ACTION_SEEK, -SEEK_MS, "Shift+Left, Right",
     "¼ s back or on within the page"},
    {WINDOW_KEY_RIGHT, true, true, ACTION_SEEK, SEEK_MS, NULL, NULL},
    {WINDOW_KEY_UP, false, false, ACTION_SPEED, 1, "Up, Down",
     "faster, slower: ×0.25 to ×8"},
    {WINDOW_KEY_DOWN, false, false, ACTION_SPEED, -1, NULL, NULL},
    {WINDOW_KEY_BACKSPACE, false, false, ACTION_SPEED, 0, "Backspace",
     "the usual speed"},
    {'g', false, false, ACTION_GO, 0, "G", "go to a time of day: type HHMM"},
    {WINDOW_KEY_PAGE_UP, false, false, ACTION_HOURS, -1, "Page Up, Down",
     "one hour back or on; Shift: one day"},
    {WINDOW_KEY_PAGE_DOWN, false, false, ACTION_HOURS, 1, NULL, NULL},
    {WINDOW_KEY_PAGE_UP, true, false, ACTION_HOURS, -DAY_HOURS, NULL, NULL},
    {WINDOW_KEY_PAGE_DOWN, true, false, ACTION_HOURS, DAY_HOURS, NULL, NULL},
    {WINDOW_KEY_HOME, false, false, ACTION_RESTART, 0, "Home",
     "begin anew, at the first time"},
    {'s', false, false, ACTION_SHAPE, 1, "S",
     "next shape of screen; Shift: the one before"},
    {'s', true, false, ACTION_SHAPE, -1, NULL, NULL},
    {'t', false, false, ACTION_THEME, 1, "T",
     "next theme; Shift: the one before"},
    {'t', true, false, ACTION_THEME, -1, NULL, NULL},
    {'r', false, false, ACTION_ROTATION, 1, "R",
     "rotate the screen by 90°; Shift: back"},
    {'r', true, false, ACTION_ROTATION, -1, NULL, NULL},
    {'1', false, false, ACTION_DRILL, ALERT_LEVEL_RED, "1, 2, 3, 4",
     "raise or cancel a red, orange, yellow, blue drill"},
    {'2', false, false, ACTION_DRILL, ALERT_LEVEL_ORANGE, NULL, NULL},
    {'3', false, false, ACTION_DRILL, ALERT_LEVEL_YELLOW, NULL, NULL},
    {'4', false, false, ACTION_DRILL, ALERT_LEVEL_BLUE, NULL, NULL},
    {'d', false, false, ACTION_DRILL, ALERT_LEVEL_ORANGE, NULL, NULL},
    {'o', false, false, ACTION_OVERLAY, 0, "O", "all that follows, on or off"},
    {'b', false, false, ACTION_BOXES, 0, "B", "boxes of what is drawn"},
    {'m', false, false, ACTION_DAMAGE, 0, "M", "what the last frame changed"},
    {'i', false, false, ACTION_TIMES, 0, "I",
     "frame times and the page's time"},
    {'w', false, false, ACTION_SIZES, 0, "W",
     "text below the smallest legal size"},
    {'p', false, false, ACTION_PICTURE, 0, "P",
     "write the glass to a PNG in this folder"},
    {'f', false, false, ACTION_FULLSCREEN, 0, "F", "full screen and back"},
    {WINDOW_KEY_ESCAPE, false, false, ACTION_END, 0, "Esc, Q", "end"},
    {'q', false, false, ACTION_END, 0, NULL, NULL},
    {.code = 0},
};

static const struct rehearsal_key *find(int code, bool shift)
{
    for (const struct rehearsal_key *row = rehearsal_keys; row->code; row++)
        if (row->code == code && row->shift == shift)
            return row;
    return NULL;
}

const struct rehearsal_key *rehearsal_key_find(const struct window_key *key)
{
    const struct rehearsal_key *row = find(key->code, key->shift);

    if (!row)
        row = find(key->code, false);
    return row && (!key->repeated || row->repeats) ? row : NULL;
}
