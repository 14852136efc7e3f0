/* Turns «防汛值班 0371-68186000» into a label and a number. Internal to cap/.
 */
#ifndef GAOSHI_CAP_CAP_CONTACT_H
#define GAOSHI_CAP_CAP_CONTACT_H

#include <jansson.h>

/* The contacts of an alert: the first telephone number with the text before it.
 * NULL: there is none, or no memory. */
json_t *cap_contact_find(const char *contact);

#endif
