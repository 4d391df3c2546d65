"""Names of people and customers."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words("""
    Ava Liam Mia Noah Zoe Ethan Ivy Lucas Nora Owen Lena Felix Ruby Jonas Clara Hugo Elsa Marco Dana
    Igor Priya Kenji Aisha Tomas Farah Diego Anika Pavel Salma Bruno Keiko Amir Greta Otto Linnea
    Rafael Tessa Yusuf Carmen Dmitri Esther Gavin Helena Ismael Jana Kofi Leona Mateo Nadia Oscar
    Petra Quinn Rosa Stefan Talia Umar Vera Walter Ximena Yara Zane Alma Boris Celia Dario Edith
    Fabian Gloria Henrik Ines Jorge Kira Leo Mona Nils Olga Pablo Rita Sven Thea Ugo Vivian Wanda
    Xavier Yvonne
""")
LAST = _words("""
    Albers Banerjee Castillo Duarte Eriksen Fontaine Gallagher Haddad Ibarra Jankowski Kowalski
    Lindqvist Moreau Nakamura Okafor Petrov Quiroga Rossi Sandoval Takahashi Ueda Vasquez Whitfield
    Xu Yamada Zeman Abbott Becker Chandra Delgado Engel Farrell Greco Hansen Ivanov Jensen Keller
    Lambert Mbeki Novak Oduya Pereira Qureshi Romero Suzuki Torres Ulrich Varga Winters Yilmaz Zhang
    Amaro Brandt Cohen Dietrich Esposito Fischer Gomez Hughes Iqbal Joshi Kaplan Larsen Mueller
    Nguyen Olsen Park Reyes Schmidt Thorne Urban Vogel Weber Young Ziegler Ashford Bergman Calder
    Doyle Everett Flynn Grant Holt Irwin Jarvis
""")
CUSTOMER_STARTS = _words("""
    Alder Birch Cobalt Delta Ember Fjord Granite Harbor Iris Juniper Krait Lumen Maple Nimbus Orchid
""")
CUSTOMER_ENDS = _words("Foods Labs Freight Media Health Energy Robotics Bank Retail Systems")
