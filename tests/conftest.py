"""What every test starts from: nothing held in the process by an earlier one."""

import pytest

from portal import version


@pytest.fixture(autouse=True)
def nothing_held():
    version.forget()
    yield
    version.forget()
