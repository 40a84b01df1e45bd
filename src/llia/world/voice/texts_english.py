"""English sentences: talk, questions, numbers, short answers, mouthfuls of lips; and a grammar that makes more."""

from __future__ import annotations


def split(text: str) -> tuple[str, ...]:
    """Sentences between bars -> each of them."""
    return tuple(" ".join(sentence.split()) for sentence in text.split("|"))


SENTENCES: tuple[str, ...] = split("""
Yes. | No. | Mm, no. | Well, maybe. | Of course! | Oh, really? | Not at all. | Why not? | Perhaps. | Absolutely. | Go
on. | I see. | Hmm, I doubt it. | Right, fine. | Sure, no problem. | Wow! | Bravo! | Me too. | Never mind. | My
pleasure. | Oops, pardon me. | Who, me? | Above all, be brave. | By the way, thank you. | Hello, it's lovely to meet
you. | Good morning, everybody. | How have you been? | See you on Wednesday. | Sorry, could you repeat that? | I'm
afraid I missed the first part. | What time does the movie begin? | Where did you put my umbrella? | Who moved the
blue sofa? | How far away is the village? | Would you prefer coffee or warm milk? | When will the plumber be able to
come? | Whose boots are those by the back door? | Why would anyone buy five vacuum cleaners? | Which of the two pumps
is more powerful? | Have you ever flown above the volcanoes? | Did Bob bring the map? | May I borrow your pen for a
moment? | Is anybody home? | Do you believe in happy endings? | Can you whistle and hum at the same time? | Could we
possibly move to the front row? | Are you sure that the number is five four seven, not five five seven? | What a
beautiful view! | That was the best meal of my life! | Please stop pushing! | Look out, a bee! | I can't believe it
worked! | Happy birthday, Mum! | How wonderful to hear from you! | Don't move, the paint is wet! | What a mess you
made of my poor kitchen! | Hooray, we finally found the problem! | It's a quarter past five. | The bus leaves at seven
fifty. | She was born in nineteen eighty seven. | We sold four hundred and fifty tickets. | Multiply twelve by eleven
and subtract forty. | My phone number ends with five, nine, five, zero. | The pool is two point five metres deep. |
About one person in fifty has this problem. | The temperature fell to minus eleven overnight. | He paid seventy pounds
for both pairs of shoes. | The first flight is at six, the fifth is at noon. | They live at number thirty four, Maple
Avenue. | Bob and Pam baked bread before breakfast. | My mother may move to Memphis in May. | Five brave firemen
fought the fire from above. | Papa put the pumpkin pie upon the piano. | Very few visitors ever leave by the front
door. | Move the big blue box below the window. | Both puppies bumped into the broom. | Fifty voters have favoured the
five reforms. | We moved from a flat above a shop to a farm. | The baby bubbled and babbled in the bath. | Whoever won
the prize was worthy of it. | Pour the broth over beef, beans and pepper. | Wave at the woman on the white wall. | Two
new rules took root too soon. | You knew the moon would move through the blue. | Who chose the woollen suit and the
purple boots? | Show me the old road over the low hill. | Most folk who row know how the boat flows. | She could look
at good books all afternoon. | The boy annoyed the noisy royal choir. | Our house is about an hour out of town. | Now
how about a brown cow for the crowd? | Few views are as new or as beautiful. | The cute pupil used a huge computer. |
The judge and the jury just enjoyed a joke. | Chew each cherry and watch the children cheer. | She should wash fresh
fish in the shade. | A measure of pleasure is usually a treasure. | The thin thief thought thirty thoughts. | They
breathe together rather than bother the others. | Six sisters sat sewing silky scarves. | Zebras and lizards doze in
the hazy zoo. | The ring of the king is worth a long song. | Larry rarely rolled the yellow lorry uphill. | Quick
quiet questions require quite a queue. | Yesterday the young yak yawned for a year. | Good grief, the green goat got
into the garden! | Could Keith keep the cake in a cool cupboard? | Hannah hurried home behind the heavy horse. | Don't
dawdle, the dog needs its dinner. | Ted taught ten tiny tots to tap dance. | Nine nice nuns never noticed the noon
bell. | Maybe Mabel mumbled because her mouth was full. | The river brought mud, moss and broken branches. | A farmer
from Bavaria grows five varieties of pepper. | Vivian loves violets, foxgloves and wild clover. | The film festival
moved from February to November. | Brave people often have a fairly private life. | If the pipe leaks, wrap a bit of
rubber above the valve. | We pumped up the rubber boat and floated past the pier. | Most of the apples from that farm
are small but perfect. | Perhaps the problem is that nobody ever phoned back. | My boss assumed the bill had been paid
in full. | The bumpy bus ride made me feel pretty peculiar. | I wonder whether the weather will ever improve. |
Somebody's mobile beeped during the opera. | The shop opposite sells lamps, maps and pots of jam. | He found a number
of old coins beneath the floor. | Her poems move people because they are simple. | Before you complain, remember who
pays for the food. | The mayor promised to build a bridge above the valley. | A bowl of plums and pears stood on the
wooden table. | You simply wrap the fish in foil and bake it for half an hour. | Never leave a burning lamp beside an
open window. | I would have phoned, but my battery was flat. | The moment I saw the view, I wanted to paint it. | We
hope to have the whole problem solved before Friday. | My favourite part of the job is meeting new people. | Everyone
in our office brings their own cup. | The map shows a footpath, but it's probably muddy. | I'd rather walk home slowly
than wait for the bus. | In my opinion, both of them behaved very well. | When the fog lifted, we saw the harbour
below us. | It's fun to listen, but it's better to join in. | He never forgives anybody who wakes him before seven. |
The village has a pub, a bakery and a very old church. | Put a spoonful of vinegar into the water. | If I were you,
I'd buy the more comfortable shoes. | Somehow the puppy managed to open the cupboard. | The plane flew above the
clouds for five hours. | As far as I remember, the money came from a fund. | We both laughed so much that the waiter
came over. | The new bridge will be open before the summer. | Please fold the paper, then fold it again. | The people
upstairs play the trumpet every evening. | My uncle believes that everything was better before. | Give me a few more
minutes and I'll be with you. | Life would be simple if everyone obeyed the rules. | A warm wind blew over the wheat.
| You might want to wear a woolly jumper tonight. | I've never seen a river so blue. | The whole room burst into
applause. | She whispered something and everybody smiled. | The truth is, nobody knew what to do. | Our tomatoes were
ripe by the middle of June. | The photographer asked us to move a bit closer. | I almost forgot to mention the party.
| It was nobody's fault, but I still apologised. | The lift is broken, so we'll have to climb the stairs. | The museum
is free on the first Sunday of the month. | She is the most patient person I have ever met. | If you feel dizzy, sit
down and breathe slowly. | The owner of the shop moved abroad. | Half of the pupils were absent because of the snow. |
He built a small boat from bamboo and rope. | Whatever happens, we will be proud of you. | I love the smell of fresh
bread in the morning. | The meeting could have been a very short message. | There's a problem with the pump in the
basement. | Would it be possible to move the appointment? | Let me put it another way. | That's precisely my point. |
I beg your pardon? | To be perfectly honest, I prefer the first version. | On the other hand, it may be too expensive.
| Come over whenever you feel like it. | I hope you've had time to look at my proposal. | You're absolutely right, my
mistake. | That reminds me of a funny story. | Could you speak up a bit, please? | We're almost there, just one more
page. | Let's have a look at the whole picture. | Believe me, it's easier than it sounds. | Take your time, there's no
hurry. | It's been a pleasure working with you. | What do you mean by that? | I'm not entirely convinced. | Shall we
move on to the next subject? | How does that sound to you? | Thanks, that helps me a lot. | Before we finish, is there
anything else? | Have a lovely evening, bye-bye! | The old ferry moved slowly from bank to bank. | A pair of white
doves lived above the barn. | Mushrooms pop up wherever the soil is moist. | Pepper makes me sneeze, but I love it
anyway. | The bell above the shop door rang twice. | Grandpa fixed the broken umbrella with wire. | My brother became
a famous violin maker. | Wolves have moved back into the mountains. | Both windows were wide open all winter. | I
bumped my elbow on the marble table. | The prime minister arrived five minutes before midnight. | You can't compare
apples with pears. | Paul's poor parrot repeats every word. | The bamboo grew four metres in two months. | Bring a
blanket, some matches and plenty of water. | He mumbled an apology and left the room. | The movie was boring, but the
popcorn was perfect. | Every Monday, a van delivers fresh flowers. | In the beginning the puzzle seemed impossible. |
A bubble of soap floated above the bath. | We climbed up the tower before the bells rang. | Snow covered the roof, the
fence and the garden. | My grandmother's soup could cure anything. | The pilot spoke calmly over the loudspeaker. |
She put on her gloves, opened the door and vanished. | People used to believe that the world was flat. | The carpenter
measured the beam from both ends. | If nobody objects, we'll vote on it now. | The shadow of a bird passed over the
field. | I have a feeling we've met before. | He laughed, but his voice trembled. | A good map is worth more than a
fast car. | The moss on the roof is as soft as velvet. | Somebody has been eating my porridge. | We'll be home by half
past four. | The lamp flickered and the room became dark. | Mom, may I have some more marmalade? | Both of us were
born in the same month. | The company employs fewer people than before. | My advice is simple: begin before you feel
ready. | Whales swim through warm and cool waters. | You look wonderful in that yellow coat. | The blacksmith works
with iron, fire and patience. | Would you move over a little, please? | The recipe needs flour, butter and a pinch of
pepper. | Remember to breathe between the phrases. | Everybody knows, but nobody tells. | Five plus five makes ten,
but why? | Oh well, that's life. | The bishop blessed the new fishing boats. | Put your palms together and bow. | What
if we simply wait and see? | Above the fireplace hung a portrait of a woman in blue.
""")

HELD_OUT: tuple[str, ...] = split("""
The morning ferry was full of people with bicycles. | Have you any idea who painted this portrait? | My neighbour
plays the flute remarkably well. | Nothing beats a bowl of hot soup after a walk in the rain. | Five minutes later,
both phones began to ring. | We could meet by the fountain at half past two. | I suppose the museum will be open by
now. | Never before had so many people voted. | The puppet maker showed us how the lips move. | Bees love the purple
flowers behind our shed. | What a marvellous surprise! | Mm, let me think. | No, not before Wednesday. | Yes, but only
a few of them. | Would you mind closing the shop door? | A wooden bridge leads over the brook to the mill. | Her voice
was warm, low and very calm. | We whispered so that the baby would not wake up. | The bus broke down in the middle of
the village. | Please pass me the pepper and the bread. | Somebody moved my map of Africa. | It took them four years
to build the boat. | Although it was foggy, the pilot found the airport. | Spring came early, and the plum trees were
in bloom. | I paid fifteen pounds for this lamp. | Which fruit would you like, a pear or an apple? | Whoever broke the
vase should apologise. | The chef wrapped the fish in vine leaves. | You have to push the button twice. | Our choir
practises above the fire station. | He shook the umbrella and put it in the corner. | The answer is either seven or
eleven. | They both enjoyed the view from the balcony. | My first job was in a toy shop. | A few drops of oil will
make the wheel move. | Goodbye, and thank you for everything. | Those shoes were made by hand in a small workshop. |
If it freezes, cover the young trees. | The judge asked the witness to speak up. | Blue smoke rose from the chimney.
""")

# A grammar: who, does, what, where or when; every row is heavy with p b m f v and round vowels.
WHO: tuple[str, ...] = split("""
My brother | The old baker | This funny puppy | Your best friend | Some people | Our teacher | A young doctor | The
whole family | Victor | Pam and Bob | Those five women | Nobody | The famous painter | My father's boss | Both of my
uncles | A man from Poland | The bus driver | Everybody here | The mayor of Dover | Your mother | The new waiter | A
group of students | The plumber | My wife | Joe and Ruth | The fisherman
""")
DOES: tuple[str, ...] = split("""
bought | found | wanted | painted | moved | forgot | will fix | should throw away | loves | never saw | put down |
watched | brought | borrowed | would prefer | may have broken | described | photographed | dropped | cannot open |
must have hidden | improved | paid for | gave away | promised us | looked for
""")
WHAT: tuple[str, ...] = split("""
a big map | the blue boat | fresh apples | three thick books | the wooden chair | a very fast machine | the funny
photo | some warm soup | both shoes | a piece of cheese | the missing key | your favourite movie | a pair of gloves |
five yellow balloons | the broken window | a bowl of plums | the piano | two small bottles | the whole problem | a
beautiful poem | my umbrella | the first prize | a loaf of bread | the village shop | the robot | an old violin
""")
WHERE: tuple[str, ...] = split("""
by the river | before lunch | every Friday | with both hands | in the office | for the first time | while we were away
| above the shop | last summer | without a word | for fun | this evening | at the bus stop | from time to time | in
the middle of winter | behind the barn | for five pounds | before anybody woke up | on the way home | near the harbour
| because of the rain | to make room | in the blue van | all by themselves | twice a week | in front of the museum
""")
HELD_OUT_WHO: tuple[str, ...] = split("The postman|My youngest nephew|A woman in boots|Fay and Walter|The vet")
HELD_OUT_DOES: tuple[str, ...] = split("wrapped up|chose|repaired|would love|pushed away")
HELD_OUT_WHAT: tuple[str, ...] = split("a box of peaches|the green lamp|four wool jumpers|the purple vase|a heavy drum")
HELD_OUT_WHERE: tuple[str, ...] = split("on Wednesday|below the bridge|before the show|with a smile|in the warm room")
OPENERS: tuple[str, ...] = (
    "",
    "",
    "",
    "",
    "Well, ",
    "You know, ",
    "Mm, ",
    "I believe ",
    "Maybe ",
    "But ",
    "So ",
    "And then ",
)
CLOSERS: tuple[str, ...] = (
    ".",
    ".",
    ".",
    ".",
    "!",
    "?",
    ", I suppose.",
    ", didn't they?",
    ", of course.",
    ", obviously.",
)
NAMES = frozenset({"Victor", "Pam", "Joe", "Fay"})  # they keep their capital after an opener
