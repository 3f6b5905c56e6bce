"""Make the peer's tables and one survey of thirty five-point questions on a page; print its id and its fields."""

import datetime
import json

import django
from django.core.management import call_command


def main() -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    from survey.models import Category, Question, Survey

    today = datetime.date.today()
    survey = Survey.objects.create(
        name="Bench", description="Thirty questions", is_published=True, need_logged_user=False, editable_answers=False,
        display_method=Survey.ALL_IN_ONE_PAGE, template="", publish_date=today,
        expire_date=today + datetime.timedelta(days=7), redirect_url="",
    )  # fmt: skip
    category = Category.objects.create(name="Items", survey=survey, order=1, description="")
    names = []
    for number in range(30):
        question = Question.objects.create(
            text=f"Statement {number + 1} about how work goes", order=number, required=True, category=category,
            survey=survey, type=Question.RADIO, choices="1, 2, 3, 4, 5",
        )  # fmt: skip
        names.append(f"question_{question.pk}")
    print(json.dumps({"survey": survey.pk, "fields": names}))


if __name__ == "__main__":
    main()
