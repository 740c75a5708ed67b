"""What stands where, told without a widget."""

from datetime import timedelta
from time import perf_counter

import pytest

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind, Agent, Level, Role, Team
from app.models.records.mail import Address, MailKind
from app.models.records.people import Identity, IdentityKind, PersonCard
from app.models.records.tickets import Delivery, LinkKind, MessageKind, Reason, Status, TicketLink
from app.services.drafts import StoredDraft
from app.views.ticket.entries import NEWEST, Unfolded, entry, has_quote, newest
from app.views.ticket.files import is_dangerous, picture_of, size_words
from app.views.ticket.mail_html import LONGEST, WIDEST, for_reading, from_text
from app.views.ticket.properties_model import Offers, properties
from app.views.writing.answering import Form, Written, answered_message, read_people, start, to_answer, written
from tests.views.messages import ANNA, AT, DESK, a_message, a_ticket

SHUT = Unfolded()


class TestMailHtml:
    @pytest.mark.parametrize(
        ("markup", "left"),
        [
            ('<p style="background:#fff;color:red">x</p>', '<p style="color:red">x</p>'),
            ('<td bgcolor="#000000" width="900" align="left">x</td>', '<td align="left">x</td>'),
            ('<table width="800" background="https://x.example/a.png">', "<table>"),
            ('<img src="cid:a" width="100" height="50">', '<img src="cid:a" width="100" height="50">'),
            ('<img src="cid:a" width="900" height="50">', f'<img width="{WIDEST}" src="cid:a">'),
            ("<p>a &lt;b&gt; c</p>", "<p>a &lt;b&gt; c</p>"),
            ('<a href="https://x.example/?width=9">x</a>', '<a href="https://x.example/?width=9">x</a>'),
        ],
    )
    def test_what_would_spoil_the_page_goes_and_words_stay(self, markup: str, left: str) -> None:
        assert for_reading(markup) == left

    def test_plain_text_shows_markup_as_it_is_written(self) -> None:
        assert from_text("a <b> & c") == '<div style="white-space:pre-wrap">a &lt;b&gt; &amp; c</div>'

    @pytest.mark.parametrize(
        ("text", "target", "words"),
        [
            ("see https://a.example/x?y=1&z=2.", "https://a.example/x?y=1&amp;z=2", "https://a.example/x?y=1&amp;z=2"),
            ("(https://a.example/x)", "https://a.example/x", "https://a.example/x"),
            ("to anna@acme.example, please", "mailto:anna@acme.example", "anna@acme.example"),
        ],
    )
    def test_addresses_in_plain_text_can_be_clicked(self, text: str, target: str, words: str) -> None:
        assert f'<a href="{target}">{words}</a>' in from_text(text)

    @pytest.mark.parametrize("word", ["x", "x.", "http://", "a@", "a@b.", "<p "])
    def test_an_endless_word_takes_no_endless_time(self, word: str) -> None:
        started = perf_counter()
        from_text(word * 40_000)
        for_reading(word * 40_000)
        assert perf_counter() - started < 3

    def test_other_schemes_stay_words(self) -> None:
        assert "<a " not in from_text("javascript:alert(1) file:///etc/passwd")


class TestFiles:
    @pytest.mark.parametrize("name", ["a.exe", "a.pdf.exe", "A.JS", "x.docm", "x.lnk", "x.exe. ", "page.html", "a.iso"])
    def test_what_runs_is_dangerous(self, name: str) -> None:
        assert is_dangerous(name)

    @pytest.mark.parametrize("name", ["a.pdf", "exe.txt", "a.docx", "photo.jpg", "noextension"])
    def test_what_is_read_is_not(self, name: str) -> None:
        assert not is_dangerous(name)

    @pytest.mark.parametrize(("size", "words"), [(0, "0 B"), (999, "999 B"), (12_345, "12 kB"), (3_400_000, "3.4 MB")])
    def test_sizes_are_told_as_people_say_them(self, size: int, words: str) -> None:
        assert size_words(size) == words

    def test_a_file_has_the_picture_of_its_kind(self) -> None:
        kinds = ("image/png", "application/zip", "message/rfc822", "application/pdf")
        assert [picture_of(each) for each in kinds] == ["picture", "archive", "mail-in", "file"]


class TestEntries:
    def test_a_mail_from_outside_tells_its_author_and_recipients(self) -> None:
        told = entry(a_message(to=(DESK,), cc=(Address("b@acme.example"),)), SHUT, AT)
        assert (told.author, told.address, told.icon, told.tint) == ("Anna Björn", ANNA.address, "mail-in", "incoming")
        assert told.caption == "Mail  ·  to Service Desk, b@acme.example"
        assert told.reasons == ("No ticket matches it, so it opens one.",)

    def test_many_recipients_are_counted(self) -> None:
        people = tuple(Address(f"p{number}@acme.example") for number in range(9))
        assert entry(a_message(to=people), SHUT, AT).caption.endswith("p3@acme.example and 5 more")

    def test_an_automatic_reply_says_so(self) -> None:
        assert entry(a_message(mail_kind=MailKind.AUTO), SHUT, AT).caption.startswith("Automatic reply")

    def test_nobody_is_asked_why_their_own_answer_is_here(self) -> None:
        told = entry(a_message(MessageKind.MAIL_OUT, reasons=(Reason("written_here", {}),)), SHUT, AT)
        assert told.reasons == ()

    def test_a_given_up_mail_says_why_and_can_be_sent_again(self) -> None:
        dead = a_message(MessageKind.MAIL_OUT, delivery=Delivery.DEAD, delivery_problem="folder.no_outbox")
        told = entry(dead, SHUT, AT)
        assert told.can_retry
        assert told.trouble.startswith("Not delivered. ")
        assert told.delivered == ""

    def test_a_sent_mail_is_no_trouble(self) -> None:
        told = entry(a_message(MessageKind.MAIL_OUT, delivery=Delivery.SENT), SHUT, AT)
        assert (told.delivered, told.trouble, told.can_retry) == ("Sent", "", False)

    def test_the_quoted_rest_shows_when_it_is_opened(self) -> None:
        message = a_message(folded="> before")
        assert has_quote(message)
        assert entry(message, SHUT, AT).quote == ""
        assert "&gt; before" in entry(message, Unfolded(quotes=frozenset({message.id})), AT).quote

    def test_a_mail_of_a_book_is_cut_until_all_of_it_is_wanted(self) -> None:
        message = a_message(text="x" * (LONGEST * 2))
        told = entry(message, SHUT, AT)
        assert told.cut
        assert len(told.html) < LONGEST + 100
        whole = entry(message, Unfolded(whole=frozenset({message.id})), AT)
        assert not whole.cut
        assert len(whole.html) > LONGEST * 2

    def test_html_too_long_to_lay_out_is_read_as_text_first(self) -> None:
        message = a_message(html="<b>x</b>" * LONGEST, text="short")
        told = entry(message, SHUT, AT)
        assert "short" in told.html
        assert told.cut

    def test_inline_pictures_of_html_are_not_listed_as_files_again(self) -> None:
        from tests.views.messages import a_file

        inline, other = a_file("logo.png", inline=True, content_id="logo"), a_file()
        assert entry(a_message(html="<p>x</p>", attachments=(inline, other)), SHUT, AT).files == (other,)
        assert entry(a_message(attachments=(inline, other)), SHUT, AT).files == (inline, other)

    def test_only_the_newest_are_laid_out_until_older_ones_are_wanted(self) -> None:
        ticket = a_ticket(*(a_message() for _ in range(NEWEST + 25)))
        hidden, shown = newest(ticket, SHUT)
        assert (hidden, len(shown), shown[-1]) == (25, NEWEST, ticket.messages[-1])
        assert newest(ticket, Unfolded(older=100))[0] == 0


class TestAnswering:
    def test_an_answer_goes_to_whom_the_newest_mail_asks_for(self) -> None:
        draft = start(a_ticket(a_message(), reply_to=(ANNA,)), Form.ANSWER)
        assert (draft.to, draft.subject) == ("Anna Björn <anna@acme.example>", "Re: Printer")

    def test_an_answer_to_all_leaves_out_ourselves(self) -> None:
        ours = a_message(MessageKind.MAIL_OUT, author_address=DESK.address)
        theirs = a_message(to=(DESK, Address("b@acme.example")), cc=(Address("c@acme.example"), ANNA))
        draft = start(a_ticket(ours, theirs), Form.ANSWER, to_all=True)
        assert draft.cc == "b@acme.example, c@acme.example"

    def test_people_can_be_edited_as_a_line(self) -> None:
        people = (Address("a@b.example", "Last, First"), Address("c@d.example"))
        assert read_people(written(people)) == people
        assert read_people("a@b.example; c@d.example") == (Address("a@b.example"), Address("c@d.example"))

    def test_an_answer_to_nobody_is_refused(self) -> None:
        with pytest.raises(KnownError) as told:
            to_answer(StoredDraft("answer", " ", "", "s", "t"), None, Written("t", None))
        assert told.value.code == "answer.no_recipient"

    def test_a_note_is_never_quoted_to_a_customer(self) -> None:
        mail, note = a_message(), a_message(MessageKind.NOTE, text="he is difficult")
        assert (answered_message(a_ticket(mail, note)) or note).id == mail.id
        assert answered_message(a_ticket(note)) is None

    def test_an_automatic_reply_is_not_what_an_answer_quotes(self) -> None:
        mail, auto = a_message(), a_message(mail_kind=MailKind.AUTO)
        assert (answered_message(a_ticket(mail, auto)) or auto).id == mail.id


class TestProperties:
    team = Team(new_id(), "Service Desk", Level.L1)
    left = Agent(new_id(), "Old Hand", "old@firstline.example", Role.AGENT, active=False, teams=())
    here = Agent(new_id(), "Lena", "lena@firstline.example", Role.AGENT, active=True, teams=())
    offers = Offers((left, here), (team,), ())

    def names(self, name: str, **told: object) -> list[str]:
        return [each.words for each in self.offers.choices(name, a_ticket(a_message(), **told))]

    def test_one_who_left_can_only_stay_where_they_are(self) -> None:
        assert self.names("assignee") == ["Nobody", "Lena"]
        assert self.names("assignee", assignee_id=self.left.id) == ["Nobody", "Old Hand", "Lena"]

    def test_a_ticket_that_has_a_team_cannot_lose_it(self) -> None:
        assert self.names("team") == ["No team", "Service Desk  (L1)"]
        assert self.names("team", team_id=self.team.id) == ["Service Desk  (L1)"]

    def test_the_requester_is_told_with_every_way_to_reach_them(self) -> None:
        card = PersonCard(
            new_id(),
            "Anna",
            "Acme",
            (Identity(IdentityKind.MAIL, "a@acme.example"), Identity(IdentityKind.PHONE, "+49401")),
            ((3, "Older"),),
        )
        view = properties(a_ticket(a_message(), requester=card), None, self.offers)
        assert (view.requester, view.organisation) == ("Anna", "Acme")
        assert view.ways == (("at", "a@acme.example"), ("phone", "+49401"))
        assert view.recent == ((3, "Older"),)

    def test_a_merged_ticket_names_the_one_that_took_it_in(self) -> None:
        links = (TicketLink(LinkKind.FOLLOW_UP, 2, "Before"),)
        view = properties(a_ticket(a_message(), links=links, merged_into=9), None, self.offers)
        assert view.links == (("Merged into #9", 9), ("Follows #2  Before", 2))

    def test_an_agent_may_not_touch_what_is_someone_elses(self) -> None:
        actor = Actor(ActorKind.AGENT, "Lena", self.here.id)
        foreign = a_ticket(a_message(), assignee_id=self.left.id)
        view = properties(foreign, actor, self.offers)
        assert (view.may_change, view.may_assign) == (False, False)
        free = properties(a_ticket(a_message()), actor, self.offers)
        assert (free.may_change, free.may_assign) == (True, True)
        assert not properties(foreign, None, self.offers).may_change

    def test_why_it_is_here_is_told_of_the_newest_mail_from_outside(self) -> None:
        first = a_message(reasons=(Reason("no_thread", {}),))
        second = a_message(reasons=(Reason("reply_token", {"number": "7"}),))
        view = properties(a_ticket(first, second, a_message(MessageKind.NOTE)), None, self.offers)
        assert view.reasons == ("It was sent to the reply address of ticket 7.",)

    def test_statuses_are_offered_in_the_order_of_a_tickets_life(self) -> None:
        assert [each.value for each in self.offers.choices("status", a_ticket(a_message()))] == list(Status)


def test_times_of_a_conversation_are_local() -> None:
    told = entry(a_message(), SHUT, AT + timedelta(minutes=5))
    assert told.time == f"{AT.astimezone():%H:%M}"
