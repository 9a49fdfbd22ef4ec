"""Webstores that speak GraphQL, as far as our presets ask them: every request is held against their schema.

The schemas name what the published ones name (Saleor 3.22, Shopify's Admin API 2026-07), and only that; so a
field, an argument or a value that the real one does not have is refused here too.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from graphql import GraphQLSchema, build_schema, get_operation_ast, parse, validate
from graphql.execution.values import get_variable_values

from plugins.generic_webstore.counters import Asked

SALEOR = """
scalar DateTime
scalar PositiveDecimal

type Query {
  orders(where: OrderWhereInput, sortBy: OrderSortingInput, first: Int, after: String): Orders
  order(id: ID): Order
  productVariants(first: Int, after: String): Variants
}
type Mutation {
  orderConfirm(id: ID!): Changed
  orderCancel(id: ID!): Changed
  orderFulfill(order: ID, input: OrderFulfillInput!): Changed
  orderNoteAdd(order: ID!, input: OrderNoteInput!): Changed
  stockBulkUpdate(stocks: [StockBulkUpdateInput!]!, errorPolicy: ErrorPolicyEnum): StockBulkUpdate
  productVariantChannelListingUpdate(id: ID, input: [ProductVariantChannelListingAddInput!]!): Priced
}
input OrderWhereInput { updatedAt: DateTimeRangeInput }
input DateTimeRangeInput { gte: DateTime lte: DateTime }
input OrderSortingInput { direction: OrderDirection! field: OrderSortField! }
enum OrderDirection { ASC DESC }
enum OrderSortField { NUMBER CREATED_AT LAST_MODIFIED_AT STATUS }
input OrderFulfillInput {
  lines: [OrderFulfillLineInput!]! notifyCustomer: Boolean allowStockToBeExceeded: Boolean
}
input OrderFulfillLineInput { orderLineId: ID stocks: [OrderFulfillStockInput!]! }
input OrderFulfillStockInput { quantity: Int! warehouse: ID! }
input OrderNoteInput { message: String! }
input StockBulkUpdateInput { variantId: ID warehouseId: ID quantity: Int! }
input ProductVariantChannelListingAddInput { channelId: ID! price: PositiveDecimal! }
enum ErrorPolicyEnum { IGNORE_FAILED REJECT_EVERYTHING REJECT_FAILED_ROWS }
enum OrderStatus { UNCONFIRMED UNFULFILLED PARTIALLY_FULFILLED FULFILLED RETURNED CANCELED EXPIRED DRAFT }
enum OrderChargeStatusEnum { NONE PARTIAL FULL OVERCHARGED }
type Error { message: String field: String }
type Changed { order: Order errors: [Error!]! }
type Priced { errors: [Error!]! }
type StockBulkUpdate { results: [StockBulkResult!]! errors: [Error!]! }
type StockBulkResult { stock: Stock errors: [Error!] }
type PageInfo { endCursor: String hasNextPage: Boolean! }
type Orders { pageInfo: PageInfo! edges: [OrderEdge!]! }
type OrderEdge { node: Order! }
type Variants { pageInfo: PageInfo! edges: [VariantEdge!]! }
type VariantEdge { node: ProductVariant! }
type Channel { id: ID! slug: String! }
type User { id: ID! }
type Money { amount: Float! currency: String! }
type TaxedMoney { net: Money! gross: Money! tax: Money! }
type Country { code: String! }
type Address {
  firstName: String! lastName: String! companyName: String! streetAddress1: String! streetAddress2: String!
  city: String! postalCode: String! countryArea: String! phone: String country: Country!
}
type Discount { name: String amount: Money! }
type Warehouse { id: ID! }
type Allocation { quantity: Int! warehouse: Warehouse! }
type OrderEvent { message: String }
type Order {
  id: ID! number: String! status: OrderStatus! chargeStatus: OrderChargeStatusEnum! created: DateTime!
  updatedAt: DateTime! isPaid: Boolean! userEmail: String customerNote: String! channel: Channel!
  collectionPointName: String displayGrossPrices: Boolean! user: User total: TaxedMoney!
  shippingPrice: TaxedMoney! shippingMethodName: String billingAddress: Address shippingAddress: Address
  discounts: [Discount!]! lines: [OrderLine!]! events: [OrderEvent!]!
}
type OrderLine {
  id: ID! productName: String! variantName: String! productSku: String quantity: Int! unitPrice: TaxedMoney!
  totalPrice: TaxedMoney! variant: ProductVariant allocations: [Allocation!]
}
type Product { id: ID! name: String! }
type Stock { quantity: Int! warehouse: Warehouse! }
type ChannelListing { channel: Channel! price: Money }
type ProductVariant {
  id: ID! sku: String name: String! product: Product! stocks: [Stock] channelListings: [ChannelListing!]
}
"""
SHOPIFY = """
directive @idempotent(key: String!) on FIELD
scalar Money

type Query { order(id: ID!): Order }
type Mutation {
  orderCancel(
    orderId: ID! reason: OrderCancelReason! refundMethod: OrderCancelRefundMethodInput! restock: Boolean!
    notifyCustomer: Boolean staffNote: String
  ): OrderCancelPayload
  orderUpdate(input: OrderInput!): Payload
  fulfillmentOrderLineItemsPreparedForPickup(input: FulfillmentOrderLineItemsPreparedForPickupInput!): Payload
  fulfillmentCreate(fulfillment: FulfillmentInput!, message: String): FulfillmentCreatePayload
  inventorySetQuantities(input: InventorySetQuantitiesInput!): Payload
  productVariantsBulkUpdate(productId: ID!, variants: [ProductVariantsBulkInput!]!): VariantsPayload
}
enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }
input OrderCancelRefundMethodInput { originalPaymentMethodsRefund: Boolean }
input OrderInput { id: ID! note: String }
input FulfillmentOrderLineItemsPreparedForPickupInput {
  lineItemsByFulfillmentOrder: [PreparedFulfillmentOrderLineItemsInput!]!
}
input PreparedFulfillmentOrderLineItemsInput { fulfillmentOrderId: ID! }
input FulfillmentInput {
  lineItemsByFulfillmentOrder: [FulfillmentOrderLineItemsInput!]! notifyCustomer: Boolean
}
input FulfillmentOrderLineItemsInput { fulfillmentOrderId: ID! }
input InventorySetQuantitiesInput {
  name: String! reason: String! referenceDocumentUri: String quantities: [InventoryQuantityInput!]!
}
input InventoryQuantityInput { inventoryItemId: ID! locationId: ID! quantity: Int! changeFromQuantity: Int }
input ProductVariantsBulkInput { id: ID price: Money }
type UserError { message: String! field: [String!] }
type Job { id: ID! }
type Payload { userErrors: [UserError!]! }
type OrderCancelPayload { job: Job orderCancelUserErrors: [UserError!]! }
type Fulfillment { status: String! }
type FulfillmentCreatePayload { fulfillment: Fulfillment userErrors: [UserError!]! }
type Variant { id: ID! price: Money! }
type VariantsPayload { productVariants: [Variant!] userErrors: [UserError!]! }
type DeliveryMethod { methodType: String! }
type FulfillmentOrder { id: ID! status: String! deliveryMethod: DeliveryMethod }
type FulfillmentOrders { nodes: [FulfillmentOrder!]! }
type Order {
  id: ID! note: String cancelledAt: String displayFulfillmentStatus: String!
  fulfillmentOrders(first: Int): FulfillmentOrders!
}
"""
_BY_CHANGE = frozenset({"inventorySetQuantities"})
"""What Shopify takes only with @idempotent, and with `changeFromQuantity` said, be it null."""


@cache
def schema_of(text: str) -> GraphQLSchema:
    return build_schema(text)


def faults(text: str, asked: str, variables: Mapping[str, Any] | None = None) -> list[str]:
    """Return what a webstore of this schema would refuse of a request."""
    schema, document = schema_of(text), parse(asked)
    found = [one.message for one in validate(schema, document)]
    if found or variables is None:
        return found
    operation = get_operation_ast(document)
    assert operation is not None
    made = get_variable_values(schema, list(operation.variable_definitions or ()), dict(variables))
    if isinstance(made, list):
        return [one.message for one in made]
    return [*_unsaid(asked, variables)]


def _unsaid(asked: str, variables: Mapping[str, Any]) -> list[str]:
    if not any(name in asked for name in _BY_CHANGE):
        return []
    said = [] if "@idempotent" in asked else ["The idempotent directive is required"]
    silent = [one for one in variables["quantities"] if "changeFromQuantity" not in one]
    return said + ["changeFromQuantity must be given"] * bool(silent)


def speaking(
    text: str, answer: Callable[[str, Mapping[str, Any]], Any]
) -> Callable[[Asked], tuple[int, Any]]:
    """Answer GraphQL: `answer` gives the data of a request that the schema takes."""

    def route(asked: Asked) -> tuple[int, Any]:
        given = asked.body["variables"]
        found = faults(text, asked.body["query"], given)
        if found:
            return 200, {"errors": [{"message": one} for one in found]}
        return 200, {"data": answer(asked.body["query"], given)}

    return route
