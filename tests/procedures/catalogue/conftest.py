from tests.procedures.catalogue.eighth import drawer  # noqa: F401 - a fixture
