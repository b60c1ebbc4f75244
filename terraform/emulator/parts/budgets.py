"""Budgets: moto has neither who is told of a notification, nor tags."""

import json

from moto.budgets.responses import BudgetsResponse
from moto.utilities.tagging_service import TaggingService

from parts.extension import extends

_create_budget = BudgetsResponse.create_budget


def _tags(response):
    return response.backend.__dict__.setdefault("parley_tags", TaggingService(tag_name="ResourceTags"))


@extends(BudgetsResponse)
def create_budget(self):
    answer = _create_budget(self)
    account, name = self._get_param("AccountId"), self._get_param("Budget")["BudgetName"]
    _tags(self).tag_resource(f"arn:aws:budgets::{account}:budget/{name}", self._get_param("ResourceTags", []))
    return answer


@extends(BudgetsResponse)
def list_tags_for_resource(self):
    return json.dumps(_tags(self).list_tags_for_resource(self._get_param("ResourceARN")))


@extends(BudgetsResponse)
def describe_subscribers_for_notification(self):
    budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
    subscribers = [n.subscribers for n in budget.notifications if n.details == self._get_param("Notification")]
    return json.dumps({"Subscribers": sum(subscribers, [])})
