"""What a table is expected to say: tests kept with its file."""

from collections.abc import Mapping
from datetime import datetime

import orjson
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.persistence import Base


class DecisionTest(Base):
    """With these inputs the decision answers so. Both are texts by name, as a person typed and read them."""

    __tablename__ = "studio_decision_test"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_key: Mapped[str] = mapped_column(String(120), index=True)
    decision: Mapped[str] = mapped_column(String(120))  # its id in the file
    name: Mapped[str] = mapped_column(String(120))
    inputs: Mapped[str] = mapped_column(Text)
    expected: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    @property
    def given(self) -> Mapping[str, str]:
        return dict(orjson.loads(self.inputs))

    @property
    def wanted(self) -> Mapping[str, str]:
        return dict(orjson.loads(self.expected))
