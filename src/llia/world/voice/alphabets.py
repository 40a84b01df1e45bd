"""The phone names of flite's and festival's voices -> IPA: one table for each family, as data."""

from __future__ import annotations

from llia.world.voice.phones import PAUSE


def read_table(pairs: str) -> dict[str, str]:
    """ "aa=ɑ ae=æ pau=" -> a table; nothing after the sign is a pause."""
    return dict(pair.split("=", 1) for pair in pairs.split())


ARPABET = read_table(
    "aa=ɑ ae=æ ah=ʌ ao=ɔ aw=aʊ ax=ə axr=ɚ ay=aɪ eh=ɛ er=ɝ ey=eɪ ih=ɪ iy=i ow=oʊ oy=ɔɪ uh=ʊ uw=u el=l̩ em=m̩ en=n̩ "
    "b=b ch=tʃ d=d dh=ð dx=ɾ f=f g=ɡ hh=h hv=ɦ jh=dʒ k=k l=l m=m n=n nx=n ng=ŋ p=p r=ɹ s=s sh=ʃ t=t th=θ v=v w=w y=j "
    "z=z zh=ʒ pau= h#= brth="
)
ITALIAN = read_table(
    "i=i e=e E=ɛ a=a o=o O=ɔ u=u i1=i e1=e E1=ɛ a1=a o1=o O1=ɔ u1=u j=j w=w p=p t=t b=b d=d k=k g=ɡ f=f v=v s=s z=z "
    "S=ʃ Z=ʒ ts=ts dz=dz tS=tʃ dZ=dʒ m=m n=n J=ɲ ng=ŋ nf=ɱ l=l L=ʎ r=r #="
)
CATALAN = read_table(
    "ax=ə a=a a1=a e=e e1=e E=ɛ E1=ɛ i=i i1=i o=o o1=o O=ɔ O1=ɔ u=u u1=u j=j w=w p=p t=t b=b d=d k=k g=ɡ f=f s=s z=z "
    "S=ʃ Z=ʒ m=m n=n J=ɲ l=l L=ʎ r=ɾ rr=r pau= _= #="
)
CZECH = read_table(
    "a=a a:=aː e=ɛ e:=ɛː i=ɪ i:=iː o=o o:=oː u=u u:=uː b=b c=ts c~=tʃ ch=x d=d d~=ɟ dz=dz dz~=dʒ f=f g=ɡ h=ɦ j=j k=k "
    "l=l m=m n=n n*=ŋ n~=ɲ p=p r=r r~=r̝ r~*=r̝̊ s=s s~=ʃ t=t t~=c v=v z=z z~=ʒ _=ʔ #="
)
RUSSIAN = read_table(
    "ii=i yy=ɨ uu=u ee=e oo=o aa=a a=ɐ e=ɪ i=ɪ y=ɨ u=ʊ ae=ə ay=ə ur=ʊ p=p pp=pʲ b=b bb=bʲ t=t tt=tʲ d=d dd=dʲ k=k "
    "kk=kʲ g=ɡ gg=ɡʲ c=ts ch=tɕ f=f ff=fʲ v=v vv=vʲ s=s ss=sʲ z=z zz=zʲ sh=ʂ sch=ɕː zh=ʐ h=x hh=xʲ m=m mm=mʲ n=n nn=nʲ "
    "l=ɫ ll=lʲ r=r rr=rʲ j=j pau="
)
FINNISH_SHORT = read_table(
    "a=ɑ e=e i=i o=o u=u y=y @=æ 7=ø &=ə p=p t=t k=k b=b d=d g=ɡ f=f T=θ D=ð s=s z=z S=ʃ Z=ʒ h=h v=ʋ m=m n=n N=ŋ l=l "
    "L=l r=r j=j w=w"
)
FINNISH = {
    **FINNISH_SHORT,
    **{f"{name}:": f"{ipa}ː" for name, ipa in FINNISH_SHORT.items()},
    "##": PAUSE,
    "#": PAUSE,
}
# One speaker, one table, three languages: Hindi, Telugu, Marathi.
INDIC = read_table(
    "a=ə aa=aː ih=ɪ iy=iː uh=ʊ uw=uː eh=e ee=eː ay=ɛː oh=o oo=oː aw=ɔː @=aː f=f k=k g=ɡ ch=tʃ T=ʈ D=ɖ N=ɳ th=t dh=d "
    "n=n p=p b=b m=m y=j r=ɾ l=l v=ʋ L=ɭ R=ɽ s=s sh=ʃ j=dʒ h=ɦ ksh=kʃ sri=ʃɾ x=x kh=kʰ gh=ɡʱ td=ʈ tth=tʰ ddh=dʱ bh=bʱ "
    "zh=ʒ w=w pau="
)
VOWELS = set("aɑɐæeɛiɪɨyøœəʌɜɝɚoɔɒuʊ")
UNSTRESSED = {"ə", "ɚ"}


def is_vowel(ipa: str) -> bool:
    """Does it begin with a vowel?"""
    return ipa[:1] in VOWELS
