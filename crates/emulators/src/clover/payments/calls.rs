//! Payments, refunds and credits in the API: read only. A refund is made at the till.
//!
//! Called by `routes`.

use super::super::Clover;
use super::super::query::Expand;
use super::super::shelf::Plan;
use super::super::wire::{Answer, Call, Refused};
use super::render::{BACK_FIELDS, PAYMENT_FIELDS, credit_field};

impl Clover {
    /// `GET payments`, voided ones among them.
    pub(in super::super) fn list_payments(&self, call: &Call<'_>) -> Answer {
        let plan = Plan {
            fields: &PAYMENT_FIELDS,
            field: &|payment, name| self.payment_field(payment, name),
            shown: &|_, _| true,
            render: &|payment, expand| self.render_payment(payment, expand),
            newest_first: true,
        };
        self.payments.payments.list(call, &self.settings.api_base, &plan)
    }

    /// `GET payments/{id}`.
    pub(in super::super) fn read_payment(&self, id: &str, call: &Call<'_>) -> Answer {
        let index = self.payments.payments.find(id).ok_or_else(Refused::not_found)?;
        Ok(self.render_payment(self.payments.payment(index), &Expand::read(call)))
    }

    /// `GET refunds`.
    pub(in super::super) fn list_refunds(&self, call: &Call<'_>) -> Answer {
        let plan = Plan {
            fields: &BACK_FIELDS,
            field: &|refund, name| self.refund_field(refund, name),
            shown: &|_, _| true,
            render: &|refund, _| self.render_refund(refund),
            newest_first: true,
        };
        self.payments.refunds.list(call, &self.settings.api_base, &plan)
    }

    /// `GET refunds/{id}`.
    pub(in super::super) fn read_refund(&self, id: &str) -> Answer {
        let index = self.payments.refunds.find(id).ok_or_else(Refused::not_found)?;
        Ok(self.render_refund(self.payments.refund(index)))
    }

    /// `GET credits`.
    pub(in super::super) fn list_credits(&self, call: &Call<'_>) -> Answer {
        let plan = Plan {
            fields: &BACK_FIELDS,
            field: &credit_field,
            shown: &|_, _| true,
            render: &|credit, _| self.render_credit(credit),
            newest_first: true,
        };
        self.payments.credits.list(call, &self.settings.api_base, &plan)
    }

    /// `GET credits/{id}`.
    pub(in super::super) fn read_credit(&self, id: &str) -> Answer {
        let index = self.payments.credits.find(id).ok_or_else(Refused::not_found)?;
        Ok(self.render_credit(self.payments.credit(index)))
    }
}
