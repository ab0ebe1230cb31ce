"""A class: a room that shares a place, who is in it, and the ways to it.

On one machine the leader's `hub` draws one screen for each kind of follower, and each `seat` gets its bytes.
For a follower who is the leader's own user, `direct_terminal` writes frames to the terminal itself, and no
other program has to wake. That somebody comes, goes, raises a hand or is lent the lead is an event of
`room_events`.

Whoever steps alone needs a whole app: `preloaded` is a process that has all of it loaded and forks one for
each follower who asks, to whom the thin client lends its terminal. Another user's follower becomes the app
instead. `handing_over` is what goes from one to the next; `connection_to_leader` looks for a leader who is
gone.

Through an MQTT broker a class needs one thing more at each end. The leader's `broadcast` publishes the
place, and makes events of what followers say. A follower's `mirror` is a hub too: its room is the leader's,
and the thin terminal and the app beside it are those of a class on one machine. What they say to each other
is in `broker_messages`, for the page of experiments in `followed_page`; `broker` alone knows the library.

Over SSH a seat has another line: `ssh_line` writes frames to a channel, and forks the app of whoever steps
alone on a pseudo-terminal (`ssh_app`), `confined` to what drawing needs. It is forked from another program
than the server, with nothing of its memory or environment, which has an app open, at no terminal, whose
event loop stands still: the fork goes on with that app, and shares what opening it has made. What a fork
only looks at is copied, too, a page at a time, as Python counts references within objects. So it grows; and
now and then, while nothing is open and no key comes, it hands all that it has to a fresh one, which goes on
in its place. `ssh_server` alone knows asyncssh; `ssh_limits` stands between it and the socket, `admission`
says who is let in, `ssh_attendance` who is there, `ssh_terminal` what a terminal may ask for: it refuses all
else. Whoever leads over SSH has `leader_terminal`: the app goes there from the server's own terminal, if it
has one, and back.
"""
