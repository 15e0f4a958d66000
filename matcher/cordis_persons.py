"""Private persons among the participants, as far as their names give them away."""

from __future__ import annotations

import re
import unicodedata

_GIVEN_NAMES = """
adam adrian agnes agnieszka ahmed albert alberto alejandro aleksandar aleksander aleksandra alessandra alessandro alexander
alexandra alexandre alexandru alfredo alice alicia alina amelie andre andrea andreas andreea andrei andrej andres andrew
andrzej angela angelo anita anja anna anne annette antje antoine antonella antonia antonio arnaud arthur astrid axel barbara
bart beata beate beatrice beatriz benjamin benoit bernard bernd bernhard bettina birgit bjorn bogdan boris brian brigitte
bruno camille carla carlo carlos carmen caroline carsten catalin catalina caterina catherine cecile cecilia celine charles
charlotte christian christiane christina christine christoph christophe christopher claire claude claudia claudio cornelia
cristian cristina cristobal dagmar damien daniel daniela daniele danielle dariusz david davide deborah denis denise diego
dieter dimitrios dimitris dirk dominik dominique dorota eduardo edward elena eleni elisa elisabeth elizabeth elke emanuele
emilie emma emmanuel enrico erik erika ernst esther eugen evelyn ewa fabian fabien fabio fabrizio fatima federica federico
felix fernando filip filippo florence florian francesca francesco francisco franck francois francoise frank franz frederic
frederik friedrich gabriel gabriela gabriele georg george georges georgios gerard gerhard giacomo gianluca gilles giorgio
giovanna giovanni giulia giuseppe grzegorz guido guillaume guillermo gunter gunther gustav guy hanna hannah hannes hans harald
hassan heidi heike heinrich heinz helena helene helga helmut hendrik henrik henry herbert herve holger horst hugo ibrahim
ignacio ilaria ilona ines ingrid ioan ioana ioannis irena irene irina isabel isabelle ivan ivana jacek jacob jacques jakob
jakub james janez janusz jaroslav javier jean jennifer jeroen jesper jesse jessica joachim joanna joao joaquin jochen johan
johann johanna johannes john jonas jonathan jorge jose josef joseph juan judith julian julie julien jurgen justyna kamil karel
karin karsten katarina katarzyna katerina katharina katja katrin kees kerstin kevin kirsten klaus konstantinos krisztina
krzysztof kurt lars laszlo laura laurence laurent leonardo lieven linda lisa louis louise luca lucas lucia lucie ludwig luigi
luis luisa lukas lukasz maarten magdalena magnus malgorzata manfred manuel manuela marc marcel marcello marcin marco marcus
margaret margarita maria marian marianne marie marija mariusz marko markus marta martha martijn martin martina martine mary
massimo mateusz mathias mathieu matteo matthew matthias maurice maurizio mauro maxime mehmet melanie mette michael michal
michel michele michelle miguel mihai mikael mikkel milos mircea mirjam mohamed mohammed monica monika morten muhammad mustafa
nadia natalia natalie nathalie nicola nicolae nicolas nicole niels nikola nikolaos nikos nuno olaf oleg olga olivier oskar
otto pablo paola paolo pascal patricia patrick paul paula pauline paulo pavel pawel pedro peter petra petros philip philipp
philippe pierre pieter piotr rachel radu rafael raffaele rainer ralf raymond rebecca reinhard renate ricardo riccardo richard
robert roberta roberto roland rolf romain ruben rudolf ryszard sabine samuel sandra sara sarah sebastian sebastien serge
sergei sergio silke silvia simon simona simone sonja sophie soren stefan stefania stefano stephan stephane stephanie stephen
steven stijn susan susanne sven svetlana sylvia sylvie tanja teresa theodor theresa thierry thomas tobias tomas tomasz tommaso
torsten ulrich ulrike ursula uwe vaclav valentin valentina vanessa veronica veronika viktor vincent vincenzo vladimir walter
werner wilhelm willem wim wojciech wolfgang wouter xavier yannick yusuf yves zbigniew zdenek zoltan zsolt zuzana
"""
_NAMES = frozenset(_GIVEN_NAMES.split())
"""Common in Europe; without those that are words, places or consortia too (`anders`, `victoria`, `eric`, `iris`)."""

_NEVER_PERSONS = ("HES", "PUB")
"""Activity types: higher education, public bodies."""

_OF_ORGANISATIONS = re.compile(
    r"gmbh|ag|kg|ug|bv|nv|sa|sas|sasu|sl|slu|srl|srls|spa|sarl|sagl|as|a/s|aps|ab|oy|oyj|ltd|limited|llc|inc|corp|plc|clg|ev|vzw|aisbl|"
    r"asbl|eric|crl|eeig|doo|sro|kft|zrt|lda|uab|ou|mtu|eood|ood|ad|lab|labs|and|und|et|for|of|the|group|groupe|gruppo|games|food|sons|"
    r"(univers|institu|foundation|fondat|fondazi|fundac|fundaci|fundat|fundacj|stichting|stift|associa|asocia|verein|societ|"
    r"compan|consult|technolog|international|internacional|renewable|energ|research|recherche|centr|zentrum|school|colleg|academ|"
    r"akadem|hospital|klinik|clinic|museum|librar|council|network|europ|deutschland|france|nederland|belgi|engineer|ingenier|"
    r"industr|service|solution|system|project|partner|studio|design|media|architect|arkitekt|cooperat|farm|hotel|werk|bau)\w*"
)


def names_a_person(name: str, activity: str, url: str) -> bool:
    """Whether a participant looks like a private person: `MATHIAS CHARLES MUSTERMANN`, whatever trade name stands beside it.

    Two to four words of letters, one of them a common given name, none one of organisations; no website, and not an activity
    that persons cannot have. Persons with rarer given names pass; a firm that is called like its founder and has nothing
    else to its name is left out too.
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    words = re.sub(r"[-.,]", " ", "".join(c for c in folded if not unicodedata.combining(c))).split()
    if url or activity in _NEVER_PERSONS or not 2 <= len(words) <= 4 or not all(word.isalpha() for word in words):
        return False
    return not _NAMES.isdisjoint(words) and not any(_OF_ORGANISATIONS.fullmatch(word) for word in words)
